import type { Problem, ProblemCode } from '@ferry/protocol';

export type FieldProblem = NonNullable<Problem['errors']>[number];

/** A failure that the HTTP side itself found. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  /** @param detail one sentence that names what was wrong and what to do; holds no absolute path. */
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly errors?: readonly FieldProblem[],
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }

  /** A `validation` problem about one field. */
  static ofField(field: string, code: string, detail: string): ProblemError {
    return new ProblemError('validation', detail, [{ pointer: `/${field}`, code, detail }]);
  }
}
