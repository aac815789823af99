import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module';
import { ThumbnailsController } from './thumbnails.controller';
import { ThumbnailsService } from './thumbnails.service';

@Module({ imports: [FilesModule], controllers: [ThumbnailsController], providers: [ThumbnailsService] })
export class ThumbnailsModule {}
