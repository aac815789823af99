import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module';
import { TrashNews } from './trash-news';
import { TrashController } from './trash.controller';

/** What was deleted and can be taken back. */
@Module({ imports: [FilesModule], controllers: [TrashController], providers: [TrashNews] })
export class TrashModule {}
