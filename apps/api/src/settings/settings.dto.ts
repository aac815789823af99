import { CONFLICT_RULES, type ConflictRule, type Settings, type UpdateSettingsRequest } from '@ferry/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { AreExtensions, IsFolderPath } from './setting-rules';

const MAX_EXTENSIONS = 1_000;
/** A hundred years. */
const MAX_RETENTION_DAYS = 36_500;
const NULLABLE = 'null = as in the environment';

export class SettingsDto implements Settings {
  @ApiProperty({ description: 'Bytes; 0 = no limit' }) readonly maxFileSize!: number;
  @ApiProperty({ type: [String], description: '["*"] = any but the blocked ones' })
  readonly allowedExtensions!: string[];
  @ApiProperty({ type: [String] }) readonly blockedExtensions!: string[];
  @ApiProperty({ description: 'Absolute path of the folder that is shared' }) readonly sharedDir!: string;
  @ApiProperty({ description: 'Absolute path of the folder for received files' }) readonly receivedDir!: string;
  @ApiProperty({ description: 'Days until what lies in the trash is deleted for good; 0 = never' })
  readonly trashRetentionDays!: number;
  @ApiProperty({ enum: CONFLICT_RULES }) readonly onConflict!: ConflictRule;
}

export class UpdateSettingsDto implements UpdateSettingsRequest {
  @ApiPropertyOptional({ type: Number, nullable: true, description: `Bytes; 0 = no limit; ${NULLABLE}` })
  @IsOptional()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  @IsInt() // the last is checked first
  readonly maxFileSize?: number | null;

  @ApiPropertyOptional({ type: [String], nullable: true, description: `["*"] = any but the blocked ones; ${NULLABLE}` })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_EXTENSIONS)
  @AreExtensions({ orAny: true })
  readonly allowedExtensions?: string[] | null;

  @ApiPropertyOptional({ type: [String], nullable: true, description: NULLABLE })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_EXTENSIONS)
  @AreExtensions({ orAny: false })
  readonly blockedExtensions?: string[] | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: `Absolute path; made if missing; ${NULLABLE}` })
  @IsOptional()
  @IsFolderPath()
  readonly sharedDir?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: `Absolute path; made if missing; ${NULLABLE}` })
  @IsOptional()
  @IsFolderPath()
  readonly receivedDir?: string | null;

  @ApiPropertyOptional({ type: Number, nullable: true, description: `0 = never; ${NULLABLE}` })
  @IsOptional()
  @Min(0)
  @Max(MAX_RETENTION_DAYS)
  @IsInt()
  readonly trashRetentionDays?: number | null;

  @ApiPropertyOptional({ enum: CONFLICT_RULES, nullable: true, description: NULLABLE })
  @IsOptional()
  @IsIn(CONFLICT_RULES)
  readonly onConflict?: ConflictRule | null;
}
