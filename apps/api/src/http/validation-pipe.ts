import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { kebabCase } from './kebab-case';
import { ProblemError, type FieldProblem } from './problem-error';

/** Checks bodies and queries against their DTO class; unknown fields are refused, not dropped. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => describeValidation(errors),
  });
}

function describeValidation(errors: readonly ValidationError[]): ProblemError {
  const fields = errors.flatMap((error) => fieldProblems(error, ''));
  const detail = fields.map((field) => field.detail).join('; ');
  return new ProblemError('validation', `${detail || 'The request is not valid'}.`, fields);
}

function fieldProblems(error: ValidationError, parent: string): FieldProblem[] {
  const pointer = `${parent}/${escapeToken(error.property)}`;
  const own = Object.entries(error.constraints ?? {}).map(([code, detail]) => ({
    pointer,
    code: code === 'whitelistValidation' ? 'unknown-field' : kebabCase(code),
    detail,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldProblems(child, pointer))];
}

/** RFC 6901 section 3. */
function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
