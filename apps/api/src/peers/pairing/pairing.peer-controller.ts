import { parsePairClaim, PATTERNS, type PairClaimed } from '@ferry/protocol';
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { PEER_TRANSPORT } from '../../transport/limits';
import { PeerContext } from '../../transport/peer-context';
import { PeerRpcExceptionFilter } from '../../transport/peer-rpc-exception.filter';
import { LocalDevice } from '../local-device';
import { PairingService } from './pairing.service';

/** What other devices may ask before they are paired. */
@Controller()
@UseFilters(PeerRpcExceptionFilter)
export class PairingPeerController {
  constructor(
    private readonly pairings: PairingService,
    private readonly local: LocalDevice,
  ) {}

  @MessagePattern(PATTERNS.pairClaim, PEER_TRANSPORT)
  claim(@Payload() data: unknown, @Ctx() context: PeerContext): PairClaimed {
    this.pairings.accept(context.session, parsePairClaim(data));
    return { name: this.local.name };
  }
}
