import { CONFLICT_RULES } from '@ferry/protocol';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IfPresent } from '../http/if-present';

/** An optional conflict rule in a request. */
export function OnConflict(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      enum: CONFLICT_RULES,
      description:
        'What happens to a file whose name is taken; replace moves the old one to the trash. Default: the setting.',
    }),
    IfPresent(),
    IsIn(CONFLICT_RULES),
  );
}
