import {
  parsePairClaim,
  parsePairConfirm,
  parsePairReveal,
  parsePairStart,
  PATTERNS,
  type PairClaimed,
  type PairStarted,
} from '@ferry/protocol';
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { PEER_TRANSPORT } from '../../transport/limits';
import { PeerContext } from '../../transport/peer-context';
import { PeerRpcExceptionFilter } from '../../transport/peer-rpc-exception.filter';
import { LocalDevice } from '../local-device';
import { ComparisonAnswers } from './comparison-answers';
import { PairingService } from './pairing.service';

/** What other devices may ask before they are paired. */
@Controller()
@UseFilters(PeerRpcExceptionFilter)
export class PairingPeerController {
  constructor(
    private readonly pairings: PairingService,
    private readonly comparisons: ComparisonAnswers,
    private readonly local: LocalDevice,
  ) {}

  @MessagePattern(PATTERNS.pairClaim, PEER_TRANSPORT)
  claim(@Payload() data: unknown, @Ctx() context: PeerContext): PairClaimed {
    this.pairings.accept(context.session, parsePairClaim(data));
    return { name: this.local.name };
  }

  @MessagePattern(PATTERNS.pairStart, PEER_TRANSPORT)
  start(@Payload() data: unknown, @Ctx() context: PeerContext): Promise<PairStarted> {
    return this.comparisons.start(context.session, parsePairStart(data));
  }

  @MessagePattern(PATTERNS.pairReveal, PEER_TRANSPORT)
  reveal(@Payload() data: unknown, @Ctx() context: PeerContext): Record<string, never> {
    this.comparisons.reveal(context.session, parsePairReveal(data));
    return {};
  }

  @MessagePattern(PATTERNS.pairConfirm, PEER_TRANSPORT)
  confirm(@Payload() data: unknown, @Ctx() context: PeerContext): Record<string, never> {
    this.comparisons.confirm(context.session, parsePairConfirm(data));
    return {};
  }
}
