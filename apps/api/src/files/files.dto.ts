import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
} from 'class-validator';
import type {
  CreateFolderRequest,
  EntryKind,
  EntryState,
  EntryVisibility,
  FileEntry,
  FileListQuery,
  FileScope,
  Page,
  UpdateFileRequest,
} from '@ferry/protocol';
import { IfPresent } from '../http/if-present';
import { SearchPageQueryDto } from '../http/page-query.dto';

export const SCOPES = ['shared', 'received', 'all'] as const;
const KINDS = ['file', 'folder'] as const satisfies readonly EntryKind[];
const VISIBILITIES = ['all-paired', 'chosen', 'none'] as const satisfies readonly EntryVisibility[];
/** Peers that one file can be shown to by name; docs/LIMITS.md. */
const MAX_VIEWERS = 1_000;
const MAX_ID_CHARS = 128;
const MAX_PATH_CHARS = 4_096;
/** The name policy shortens what is too long for a disk. */
const MAX_FILE_NAME_CHARS = 512;

export class ListFilesQuery extends SearchPageQueryDto implements FileListQuery {
  @ApiPropertyOptional({ enum: SCOPES, default: 'shared' })
  @IsIn(SCOPES)
  readonly scope: (typeof SCOPES)[number] = 'shared';

  @ApiPropertyOptional({
    description:
      'Path of a folder, empty for the top: only what lies directly in it, folders first. Else everything at any depth',
  })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_PATH_CHARS)
  readonly folder?: string;

  @ApiPropertyOptional({ enum: KINDS })
  @IsOptional()
  @IsIn(KINDS)
  readonly kind?: EntryKind;

  @ApiPropertyOptional({ description: 'name, size, type, modifiedAt or addedAt; descending with a leading -' })
  @IsOptional()
  @Matches(/^-?(name|size|type|modifiedAt|addedAt)$/, {
    message: 'sort must be name, size, type, modifiedAt or addedAt, with a leading - for descending',
  })
  readonly sort?: string;
}

export class UpdateFileDto implements UpdateFileRequest {
  @ApiPropertyOptional({ description: 'New name in the same folder; never one that is taken' })
  @IfPresent()
  @IsString()
  @Length(1, MAX_FILE_NAME_CHARS)
  readonly name?: string;

  @ApiPropertyOptional({ enum: VISIBILITIES, description: 'Who may see the entry and, of a folder, all below it' })
  @IfPresent()
  @IsIn(VISIBILITIES)
  readonly visibility?: EntryVisibility;

  @ApiPropertyOptional({ type: [String], description: 'Device ids of paired peers; with chosen, and only then' })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(MAX_VIEWERS)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(MAX_ID_CHARS, { each: true })
  readonly visibleTo?: string[];
}

export class FileEntryDto implements FileEntry {
  @ApiProperty({ description: 'Local to this device; what requests take as entryIds' })
  readonly id!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty({ description: 'Relative to the root of its scope, with /' }) readonly path!: string;
  @ApiProperty({ description: 'Bytes' }) readonly size!: number;
  @ApiProperty() readonly mediaType!: string;
  @ApiProperty({ format: 'date-time' }) readonly modifiedAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly addedAt!: string;
  @ApiProperty({ enum: ['shared', 'received'] }) readonly scope!: FileScope;
  @ApiProperty({ enum: ['file', 'folder'] }) readonly kind!: EntryKind;
  @ApiProperty({ enum: ['hashing', 'ready', 'missing'] }) readonly state!: EntryState;
  @ApiPropertyOptional({ description: 'Content address, 64 hex digits; present once hashed' })
  readonly fileId?: string;
  @ApiProperty({ enum: VISIBILITIES }) readonly visibility!: EntryVisibility;
  @ApiPropertyOptional({ type: [String], description: 'Device ids; present when visibility is chosen' })
  readonly visibleTo?: string[];
  @ApiPropertyOptional({ description: 'Bytes hashed so far, while hashing' })
  readonly hashedBytes?: number;
  @ApiPropertyOptional({ description: 'SHA-256 of the whole file, 64 hex digits; computed in the background' })
  readonly sha256?: string;
  @ApiPropertyOptional({ description: 'Of a folder: files anywhere below it, as size is their bytes' })
  readonly fileCount?: number;
}

export class CreateFolderDto implements CreateFolderRequest {
  @ApiProperty({ description: 'Relative to the share, with /; folders on the way are made as well' })
  @IsString()
  @Length(1, MAX_PATH_CHARS)
  readonly path!: string;
}

export class FilePageDto implements Page<FileEntry> {
  @ApiProperty({ type: [FileEntryDto] }) readonly items!: FileEntryDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}
