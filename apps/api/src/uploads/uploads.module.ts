import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module';
import { TusDoor } from './tus-door';
import { UploadsController } from './uploads.controller';

/** Uploads that can be resumed. */
@Module({
  imports: [FilesModule],
  controllers: [UploadsController],
  providers: [TusDoor],
})
export class UploadsModule {}
