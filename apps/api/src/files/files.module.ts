import { join } from 'node:path';
import { Logger, Module } from '@nestjs/common';
import { Database, FileStore } from '@ferry/file-store';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { SettingsModule } from '../settings/settings.module';
import { SettingsService } from '../settings/settings.service';
import { FilesController } from './files.controller';
import { FoldersController } from './folders.controller';
import { ShareNews } from './share-news';
import { SkippedController } from './skipped.controller';
import { StoreSettings, acceptLimits, storedFolders, trashRetentionMs } from './store-settings';
import { UploadReceiver } from './upload-receiver';

const logger = new Logger(FileStore.name);

/** The files of this device: opened with the node, closed with it. */
@Module({
  imports: [SettingsModule],
  controllers: [SkippedController, FilesController, FoldersController],
  providers: [
    {
      provide: FileStore,
      inject: [Database, SettingsService, APP_CONFIG],
      useFactory: (database: Database, settings: SettingsService, { dataDir }: AppConfig) => {
        const { sharedDir, receivedDir } = settings.current();
        return FileStore.open({
          database,
          sharedDir,
          receivedDir,
          limits: acceptLimits(settings.current()),
          trashRetentionMs: trashRetentionMs(settings.current()),
          privateDirs: [dataDir],
          mustExist: storedFolders(settings),
          standInDir: join(dataDir, 'absent'),
          onSkip: (path, reason) => logger.debug({ path, reason }, 'not listed'),
        });
      },
    },
    UploadReceiver,
    ShareNews,
    StoreSettings,
  ],
  exports: [FileStore],
})
export class FilesModule {}
