import { Logger, Module } from '@nestjs/common';
import { Database, FileStore } from '@ferry/file-store';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { ContentController } from './content.controller';
import { FilesController } from './files.controller';
import { ShareNews } from './share-news';
import { UploadReceiver } from './upload-receiver';

const logger = new Logger(FileStore.name);

/** The files of this device: opened with the node, closed with it. */
@Module({
  controllers: [FilesController, ContentController],
  providers: [
    {
      provide: FileStore,
      inject: [Database, APP_CONFIG],
      useFactory: (database: Database, config: AppConfig) =>
        FileStore.open({
          database,
          sharedDir: config.sharedDir,
          receivedDir: config.receivedDir,
          limits: {
            maxFileSize: config.maxFileSize,
            allowedExtensions: config.allowedExtensions,
            blockedExtensions: config.blockedExtensions,
          },
          onSkip: (path, reason) => logger.debug({ path, reason }, 'not listed'),
        }),
    },
    UploadReceiver,
    ShareNews,
  ],
  exports: [FileStore],
})
export class FilesModule {}
