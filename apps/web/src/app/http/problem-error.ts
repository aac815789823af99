import type { Problem, ProblemCode } from '@ferry/protocol';

/** `unreachable`: no answer from the node; `unknown`: an answer that is no problem+json. */
export type ProblemErrorCode = ProblemCode | 'unreachable' | 'unknown';

/** What every failed request becomes. `message` is a sentence for the user. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly code: ProblemErrorCode,
    message: string,
    readonly problem?: Problem,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
