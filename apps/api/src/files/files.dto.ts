import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import {
  DEFAULT_PAGE_LIMIT,
  MAX_PAGE_LIMIT,
  type EntryKind,
  type EntryState,
  type EntryVisibility,
  type FileEntry,
  type FileScope,
  type ListQuery,
  type Page,
} from '@ferry/protocol';

const SCOPES = ['shared', 'received', 'all'] as const;
const VISIBILITIES = ['all-paired', 'none'] as const satisfies readonly EntryVisibility[];

export class ListFilesQuery implements ListQuery {
  @ApiPropertyOptional({ enum: SCOPES, default: 'shared' })
  @IsIn(SCOPES)
  readonly scope: (typeof SCOPES)[number] = 'shared';

  @ApiPropertyOptional({ minimum: 1, maximum: MAX_PAGE_LIMIT, default: DEFAULT_PAGE_LIMIT })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE_LIMIT)
  readonly limit: number = DEFAULT_PAGE_LIMIT;

  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  readonly cursor?: string;

  @ApiPropertyOptional({ description: 'name, size, modifiedAt or addedAt; descending with a leading -' })
  @IsOptional()
  @Matches(/^-?(name|size|modifiedAt|addedAt)$/, {
    message: 'sort must be name, size, modifiedAt or addedAt, with a leading - for descending',
  })
  readonly sort?: string;

  @ApiPropertyOptional({ description: 'Part of the name, case-insensitive' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  readonly q?: string;
}

export class UpdateFileDto {
  @ApiProperty({ enum: VISIBILITIES, description: 'Who may see the entry' })
  @IsIn(VISIBILITIES)
  readonly visibility!: EntryVisibility;
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
  @ApiPropertyOptional({ description: 'Bytes hashed so far, while hashing' })
  readonly hashedBytes?: number;
}

export class FilePageDto implements Page<FileEntry> {
  @ApiProperty({ type: [FileEntryDto] }) readonly items!: FileEntryDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}
