import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module';
import { PeersModule } from '../peers/peers.module';
import { TransferDrafts } from './drafts/transfer-drafts';
import { IncomingOffers } from './offers/incoming-offers';
import { OfferAcceptance } from './offers/offer-acceptance';
import { OfferDoor } from './offers/offer-door';
import { OfferFollower } from './offers/offer-follower';
import { OfferNews } from './offers/offer-news';
import { OfferRegister } from './offers/offer-register';
import { OfferTransfers } from './offers/offer-transfers';
import { OfferWatch } from './offers/offer-watch';
import { DEFAULT_OFFERS_OPTIONS, OFFERS_OPTIONS } from './offers/offers-options';
import { OffersController } from './offers/offers.controller';
import { OffersPeerController } from './offers/offers.peer-controller';
import { OffersService } from './offers/offers.service';
import { OutgoingOffers } from './offers/outgoing-offers';
import { ProgressTicker } from './progress/progress-ticker';
import { BlockNotices } from './serving/block-notices';
import { OpenReaders } from './serving/open-readers';
import { ShareAccess } from './serving/share-access';
import { QueryTurns } from './serving/query-turns';
import { SharePeerController } from './serving/share.peer-controller';
import { SpaceWatch } from './space-watch';
import { StagingTidy } from './staging-tidy';
import { TransferQueue } from './transfer-queue';
import { TransferRegister } from './transfer-register';
import { TransfersController } from './transfers.controller';
import { TransfersRepository } from './transfers.repository';
import { TransferRequests } from './transfer-requests';
import { TransfersService } from './transfers.service';

/** Where network and disk meet: pulling from peers, and serving them. */
@Module({
  imports: [FilesModule, PeersModule],
  controllers: [TransfersController, OffersController, OffersPeerController, SharePeerController],
  providers: [
    TransfersRepository,
    TransferRegister,
    SpaceWatch,
    StagingTidy,
    TransferQueue,
    ProgressTicker,
    TransfersService,
    TransferDrafts,
    TransferRequests,
    OpenReaders,
    QueryTurns,
    ShareAccess,
    BlockNotices,
    { provide: OFFERS_OPTIONS, useValue: DEFAULT_OFFERS_OPTIONS },
    OfferNews,
    OfferTransfers,
    OfferRegister,
    OfferDoor,
    OfferAcceptance,
    IncomingOffers,
    OutgoingOffers,
    OfferFollower,
    OfferWatch,
    OffersService,
  ],
  exports: [TransfersService, ShareAccess],
})
export class TransfersModule {}
