import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { IfPresent } from '../http/if-present';
import { THUMBNAIL_EDGE } from './limits';

const { least, most, usual } = THUMBNAIL_EDGE;

export class ThumbnailQuery {
  @ApiPropertyOptional({ minimum: least, maximum: most, default: usual, description: 'Longer edge, pixels' })
  @Type(() => Number)
  @IsInt()
  @Min(least)
  @Max(most)
  readonly size: number = usual;

  @ApiPropertyOptional({ description: 'The fileId: while it is right, the answer may be kept for ever' })
  @IfPresent()
  @IsString()
  @Matches(/^[0-9a-f]{64}$/)
  readonly v?: string;
}
