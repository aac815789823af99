import {
  parseOfferAnswer,
  parseOfferFilesRequest,
  parseOfferMake,
  parseTransferStatusRequest,
  PATTERNS,
  type OfferFilesResponse,
  type TransferStatus,
} from '@ferry/protocol';
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { PEER_TRANSPORT } from '../../transport/limits';
import { PeerContext } from '../../transport/peer-context';
import { PeerRpcExceptionFilter } from '../../transport/peer-rpc-exception.filter';
import { IncomingOffers } from './incoming-offers';
import { OutgoingOffers } from './outgoing-offers';

/** What paired peers ask about offers, theirs and ours. */
@Controller()
@UseFilters(PeerRpcExceptionFilter)
export class OffersPeerController {
  constructor(
    private readonly incoming: IncomingOffers,
    private readonly outgoing: OutgoingOffers,
  ) {}

  @MessagePattern(PATTERNS.offerMake, PEER_TRANSPORT)
  async make(@Payload() data: unknown, @Ctx() { session }: PeerContext): Promise<object> {
    await this.incoming.receive(session, parseOfferMake(data));
    return {};
  }

  @MessagePattern(PATTERNS.offerFiles, PEER_TRANSPORT)
  files(@Payload() data: unknown, @Ctx() { peerId }: PeerContext): OfferFilesResponse {
    return this.outgoing.page(peerId, parseOfferFilesRequest(data));
  }

  @MessagePattern(PATTERNS.offerAnswer, PEER_TRANSPORT)
  answer(@Payload() data: unknown, @Ctx() { peerId }: PeerContext): object {
    this.outgoing.answered(peerId, parseOfferAnswer(data));
    return {};
  }

  @MessagePattern(PATTERNS.transferStatus, PEER_TRANSPORT)
  status(@Payload() data: unknown, @Ctx() { peerId }: PeerContext): TransferStatus {
    return this.incoming.status(peerId, parseTransferStatusRequest(data).offerId);
  }
}
