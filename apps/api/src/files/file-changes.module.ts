import { Module } from '@nestjs/common';
import { PeersModule } from '../peers/peers.module';
import { FileChangesController } from './file-changes.controller';
import { FilesModule } from './files.module';

/** Changes of entries that concern peers as well: apart from `FilesModule`, which peers need. */
@Module({ imports: [FilesModule, PeersModule], controllers: [FileChangesController] })
export class FileChangesModule {}
