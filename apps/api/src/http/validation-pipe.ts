import { type ArgumentMetadata, ValidationPipe, type ValidationError } from '@nestjs/common';
import { kebabCase } from './kebab-case';
import { ProblemError, type FieldProblem } from './problem-error';

/** A list has no fields, so it would pass for a body that needs none. */
class ObjectsPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && Array.isArray(value))
      throw new ProblemError('validation', 'Send a JSON object, not a list.');
    return super.transform(value, metadata);
  }
}

/** Checks bodies and queries against their DTO class; unknown fields are refused, not dropped. */
export function createValidationPipe(): ValidationPipe {
  return new ObjectsPipe({
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
