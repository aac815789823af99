import type { Request } from 'express';
import { ProblemError } from '../http/problem-error';

/** What is sent, as the client may know it. */
export interface ContentVersion {
  /** With its quotes; undefined while the content is not known yet. */
  readonly etag: string | undefined;
  /** Milliseconds. */
  readonly modifiedAt: number;
}

/**
 * Holds If-Match, and without it If-Unmodified-Since; what comes after these two does not end in an error. RFC 9110 section 13.2.2.
 * @throws ProblemError precondition-failed
 */
export function assertPreconditions(request: Request, { etag, modifiedAt }: ContentVersion): void {
  const ifMatch = request.get('if-match');
  if (ifMatch !== undefined) {
    if (!names(ifMatch, etag)) throw failed('is another one than If-Match names');
    return;
  }
  const since = Date.parse(request.get('if-unmodified-since') ?? ''); // what is no date does not count
  if (seconds(modifiedAt) > seconds(since)) throw failed('was changed after the time in If-Unmodified-Since');
}

/** The comparison is the strong one: `W/"x"` names nothing. */
function names(ifMatch: string, etag: string | undefined): boolean {
  if (ifMatch.trim() === '*') return true;
  return etag !== undefined && ifMatch.split(',').some((each) => each.trim() === etag);
}

/** An HTTP date holds no more. */
function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function failed(what: string): ProblemError {
  return new ProblemError('precondition-failed', `The content ${what}. Ask for it anew.`);
}
