import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { ProblemCode } from '@ferry/protocol';
import { PROBLEMS } from './problem-table';
import { ProblemDto } from './problem.dto';

/** Documents the problems that an operation can answer with; those of the guard, which any can, are said once for all. */
export function ApiProblems(...codes: readonly ProblemCode[]): MethodDecorator {
  const statuses = new Set(codes.map((code) => PROBLEMS[code].status));
  const responses = [...statuses].map((status) =>
    ApiResponse({
      status,
      description: codes
        .filter((code) => PROBLEMS[code].status === status)
        .map((code) => `${code}: ${PROBLEMS[code].title}`)
        .join('; '),
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    }),
  );
  return applyDecorators(ApiExtraModels(ProblemDto), ...responses);
}
