import { ProblemError } from './problem-error';

/** A sentence for the user out of anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof ProblemError ? error.message : 'Something went wrong on this page. Reload it and try again.';
}
