import { Module, type DynamicModule } from '@nestjs/common';
import { ArchivesModule } from './archives/archives.module';
import type { AppConfig } from './config/app-config';
import { ConfigModule } from './config/config.module';
import { DatabaseModule } from './database/database.module';
import { EventsModule } from './events/events.module';
import { FileChangesModule } from './files/file-changes.module';
import { ContentModule } from './files/content.module';
import { FilesModule } from './files/files.module';
import { HealthModule } from './health/health.module';
import { LoggingModule } from './logging/logging.module';
import { PeersModule } from './peers/peers.module';
import { PreviewsModule } from './previews/previews.module';
import { StatusModule } from './status/status.module';
import { ThumbnailsModule } from './thumbnails/thumbnails.module';
import { TransfersModule } from './transfers/transfers.module';
import { TrashModule } from './trash/trash.module';
import { TransportModule } from './transport/transport.module';
import { UploadsModule } from './uploads/uploads.module';

/** The node: everything of it in one process. */
@Module({})
export class AppModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        LoggingModule.forRoot(config),
        DatabaseModule,
        EventsModule,
        HealthModule,
        TransportModule,
        FilesModule,
        TrashModule,
        ContentModule,
        ArchivesModule,
        PreviewsModule,
        ThumbnailsModule,
        UploadsModule,
        PeersModule,
        FileChangesModule,
        TransfersModule,
        StatusModule,
      ],
    };
  }
}
