import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, MaxLength } from 'class-validator';
import type { Archive, CreateArchiveRequest } from '@ferry/protocol';
import { MAX_ARCHIVE_SELECTION } from './limits';

const MAX_ID_CHARS = 128;

export class CreateArchiveDto implements CreateArchiveRequest {
  @ApiProperty({
    description: 'Files and folders; of a folder all below it',
    type: [String],
    minItems: 1,
    maxItems: MAX_ARCHIVE_SELECTION,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ARCHIVE_SELECTION)
  @IsString({ each: true })
  @MaxLength(MAX_ID_CHARS, { each: true })
  readonly entryIds!: string[];
}

export class ArchiveDto implements Archive {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ description: 'Suggested file name, ends with .zip' }) readonly name!: string;
  @ApiProperty({ description: 'Path of the download on this node' }) readonly url!: string;
  @ApiProperty({ description: 'Folders not counted' }) readonly files!: number;
  @ApiProperty({
    description: 'Bytes of the zip; those of what the folders hold when it is downloaded are in its Content-Length',
  })
  readonly size!: number;
  @ApiProperty({ format: 'date-time' }) readonly expiresAt!: string;
}
