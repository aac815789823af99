import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type {
  EntryKind,
  EntryState,
  EntryVisibility,
  FileEntry,
  FileScope,
  ListQuery,
  Page,
  UpdateFileRequest,
} from '@ferry/protocol';
import { IfPresent } from '../http/if-present';
import { SearchPageQueryDto } from '../http/page-query.dto';

const SCOPES = ['shared', 'received', 'all'] as const;
const VISIBILITIES = ['all-paired', 'chosen', 'none'] as const satisfies readonly EntryVisibility[];
/** Peers that one file can be shown to by name; docs/LIMITS.md. */
const MAX_VIEWERS = 1_000;
const MAX_ID_CHARS = 128;

export class ListFilesQuery extends SearchPageQueryDto implements ListQuery {
  @ApiPropertyOptional({ enum: SCOPES, default: 'shared' })
  @IsIn(SCOPES)
  readonly scope: (typeof SCOPES)[number] = 'shared';

  @ApiPropertyOptional({ description: 'name, size, modifiedAt or addedAt; descending with a leading -' })
  @IsOptional()
  @Matches(/^-?(name|size|modifiedAt|addedAt)$/, {
    message: 'sort must be name, size, modifiedAt or addedAt, with a leading - for descending',
  })
  readonly sort?: string;
}

export class UpdateFileDto implements UpdateFileRequest {
  @ApiProperty({ enum: VISIBILITIES, description: 'Who may see the entry' })
  @IsIn(VISIBILITIES)
  readonly visibility!: EntryVisibility;

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
}

export class FilePageDto implements Page<FileEntry> {
  @ApiProperty({ type: [FileEntryDto] }) readonly items!: FileEntryDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}
