import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IfPresent } from '../http/if-present';

export class PreviewQuery {
  @ApiPropertyOptional({ enum: ['1'], description: 'Only the beginning of a UTF-8 text, at most 256 KiB' })
  @IfPresent()
  @IsIn(['1'])
  readonly text?: string;
}
