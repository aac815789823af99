import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { Problem } from '@ferry/protocol';
import { describeError } from './describe-error';

/** The id of this request in the log, as far as it went through the logger already. */
function traceIdOf(request: Request): string {
  return 'id' in request && typeof request.id === 'string' ? request.id : randomUUID();
}

/** The path as asked for, without the query: it may hold what nobody should read. */
function instanceOf(request: Request): string {
  return request.originalUrl.split('?', 1)[0] ?? '/';
}

/** Answers with what a client may know of `error`. @returns the problem sent. */
export function answerProblem(request: Request, response: Response, error: unknown): Problem {
  const problem = describeError(error, traceIdOf(request), instanceOf(request));
  sendProblem(response, problem);
  return problem;
}

/** Answers with a problem; an answer already begun is cut off instead, so that nobody takes it for whole. */
function sendProblem(response: Response, problem: Problem): void {
  if (isBegun(response)) {
    response.destroy();
    return;
  }
  // Nest's adapter and `json()` would both replace the type.
  response
    .status(problem.status)
    .type('application/problem+json')
    .set('Cache-Control', 'no-store')
    .send(JSON.stringify(problem));
}

function isBegun(response: ServerResponse): boolean {
  return response.headersSent || response.destroyed;
}
