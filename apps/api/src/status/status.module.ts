import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module';
import { PeersModule } from '../peers/peers.module';
import { TransfersModule } from '../transfers/transfers.module';
import { NodeTotals } from './node-totals';
import { StatusController } from './status.controller';
import { StatusService } from './status.service';

@Module({
  imports: [FilesModule, PeersModule, TransfersModule],
  controllers: [StatusController],
  providers: [StatusService, NodeTotals],
})
export class StatusModule {}
