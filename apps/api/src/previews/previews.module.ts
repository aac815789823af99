import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module';
import { PreviewsController } from './previews.controller';

@Module({ imports: [FilesModule], controllers: [PreviewsController] })
export class PreviewsModule {}
