import type { Problem } from '@ferry/protocol';
import { ProblemError } from './problem-error';
import { problemSentence } from './problem-sentence';

const UNREACHABLE =
  'The Ferry node on this device does not answer. Check that it is running; this page reconnects by itself.';

/** Statuses that a proxy in front of a stopped node answers with, without a problem of ours. */
const GATEWAY_STATUSES = new Set([0, 502, 503, 504]);

/**
 * One error out of any failed answer.
 * @param status HTTP status, 0 when there was no answer.
 * @param body parsed JSON, text or nothing.
 */
export function readProblem(status: number, body: unknown, cause?: unknown): ProblemError {
  const parsed = typeof body === 'string' ? parseJson(body) : body;
  if (isProblem(parsed)) return new ProblemError(parsed.code, problemSentence(parsed), parsed, { cause });
  if (GATEWAY_STATUSES.has(status)) return new ProblemError('unreachable', UNREACHABLE, undefined, { cause });
  return new ProblemError('unknown', `The node answered with an unexpected error (HTTP ${status}).`, undefined, {
    cause,
  });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && ('detail' in body || 'title' in body);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
