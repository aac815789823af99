import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module';
import { PeersModule } from '../peers/peers.module';
import { ProgressTicker } from './progress/progress-ticker';
import { OpenReaders } from './serving/open-readers';
import { ShareAccess } from './serving/share-access';
import { SharePeerController } from './serving/share.peer-controller';
import { TransferQueue } from './transfer-queue';
import { TransferRegister } from './transfer-register';
import { TransfersController } from './transfers.controller';
import { TransfersRepository } from './transfers.repository';
import { TransfersService } from './transfers.service';

/** Where network and disk meet: pulling from peers, and serving them. */
@Module({
  imports: [FilesModule, PeersModule],
  controllers: [TransfersController, SharePeerController],
  providers: [
    TransfersRepository,
    TransferRegister,
    TransferQueue,
    ProgressTicker,
    TransfersService,
    OpenReaders,
    ShareAccess,
  ],
  exports: [TransfersService, ShareAccess],
})
export class TransfersModule {}
