import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Problem, ProblemCode } from '@ferry/protocol';
import type { FieldProblem } from './problem-error';
import { PROBLEMS } from './problem-table';

class FieldProblemDto implements FieldProblem {
  @ApiProperty({ description: 'JSON pointer to the field', example: '/limit' }) readonly pointer!: string;
  @ApiProperty({
    description:
      'The rule that was broken, in kebab case: the name of the check (is-string, is-int, is-in, is-length, min, max, ' +
      'max-length, matches, array-min-size, ...), unknown-field, required, or a word of its own such as address-invalid',
    pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
    example: 'unknown-field',
  })
  readonly code!: string;
  @ApiProperty() readonly detail!: string;
}

/** What every failed request is answered with, as application/problem+json. */
export class ProblemDto implements Problem {
  @ApiProperty({ description: '/problems/ and the code' }) readonly type!: string;
  @ApiProperty() readonly title!: string;
  @ApiProperty({ type: 'integer' }) readonly status!: number;
  @ApiProperty({ description: 'What was wrong, and what to do' }) readonly detail!: string;
  @ApiProperty({ enum: Object.keys(PROBLEMS), enumName: 'ProblemCode' }) readonly code!: ProblemCode;
  @ApiPropertyOptional({ description: 'The path that was asked for' }) readonly instance?: string;
  @ApiPropertyOptional({ description: 'Under which the log of the node tells more' }) readonly traceId?: string;
  @ApiPropertyOptional({
    type: 'integer',
    description: 'For insufficient-storage: bytes that are missing, where known',
  })
  readonly missingBytes?: number;
  @ApiPropertyOptional({ type: [FieldProblemDto], description: 'For validation: one item a field' })
  readonly errors?: FieldProblemDto[];
}
