import type { CreateTransferRequest, TransferState, UpdateTransferRequest } from '@ferry/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { MAX_PAGE_LIMIT, TRANSFER_STATES } from '@ferry/protocol';

/** Entries that one transfer may name. docs/LIMITS.md. */
export const MAX_TRANSFER_ENTRIES = 10_000;

export class CreateTransferDto implements CreateTransferRequest {
  @ApiProperty({ description: 'Device id of a paired peer.', maxLength: 64 })
  @IsString()
  @MaxLength(64)
  readonly peerId!: string;

  @ApiProperty({
    description: 'Ids from the remote list, GET /peers/{id}/files.',
    type: [String],
    maxItems: MAX_TRANSFER_ENTRIES,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_TRANSFER_ENTRIES)
  @IsString({ each: true })
  @MaxLength(128, { each: true })
  readonly entryIds!: readonly string[];
}

export class UpdateTransferDto implements UpdateTransferRequest {
  @ApiProperty({ enum: ['paused', 'running'] })
  @IsIn(['paused', 'running'])
  readonly state!: 'paused' | 'running';
}

export class PageQueryDto {
  @ApiPropertyOptional({ minimum: 1, maximum: MAX_PAGE_LIMIT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE_LIMIT)
  readonly limit?: number;

  @ApiPropertyOptional({ description: 'nextCursor of the page before.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly cursor?: string;
}

export class ListTransfersDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: TRANSFER_STATES, isArray: true, description: 'Comma list: any of these states.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(TRANSFER_STATES, { each: true })
  readonly state?: TransferState[];

  @ApiPropertyOptional({ description: 'Part of the name.', maxLength: 255 })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly q?: string;
}
