import type { ProblemCode } from '@ferry/protocol';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What was wrong, and what to do.' },
    code: { type: 'string' },
  },
};

/** Documents the problems that an operation can answer with, by status. */
export function ApiProblems(statuses: Partial<Record<ProblemCode, number>>): MethodDecorator {
  const codes = Object.entries(statuses);
  const responses = [...new Set(Object.values(statuses))].map((status) =>
    ApiResponse({
      status,
      description: codes.flatMap(([code, its]) => (its === status ? [code] : [])).join(', '),
      content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } },
    }),
  );
  return applyDecorators(...responses);
}
