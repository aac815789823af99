import { Module } from '@nestjs/common';
import { ArchivesModule } from '../archives/archives.module';
import { ContentController } from './content.controller';
import { FilesModule } from './files.module';

/** Downloads of files and folders. */
@Module({ imports: [FilesModule, ArchivesModule], controllers: [ContentController] })
export class ContentModule {}
