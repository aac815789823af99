import type { Request, RequestHandler, Response } from 'express';
import type { AccessRules } from './access-rules';
import { judgeRequest, type RequestOrigin } from './judge-request';
import { ProblemError } from './problem-error';
import { answerProblem } from './problem-response';

const EXPOSED_HEADERS = [
  ...['Accept-Ranges', 'Content-Disposition', 'Content-Range', 'ETag', 'Link', 'Location', 'Retry-After'],
  ...['Tus-Resumable', 'Tus-Version', 'Tus-Extension', 'Tus-Max-Size', 'Tus-Checksum-Algorithm'],
  ...['Upload-Offset', 'Upload-Length', 'Upload-Defer-Length', 'Upload-Metadata', 'Upload-Expires'],
  ...['Ferry-Entry-Id', 'Ferry-Entry-Path', 'Ferry-Entry-Skipped'],
].join(', ');
const PREFLIGHT_SECONDS = '600';

/** Stands before every route: static files, health and events included. @param rules read for each request, as ports become known late. */
export function hostGuard(rules: () => AccessRules): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    const verdict = judgeRequest(originOf(request), rules());
    if (!verdict.isAllowed) {
      const error = new ProblemError(verdict.code, verdict.detail);
      answerProblem(request, response, error);
      return;
    }
    if (verdict.corsOrigin === undefined) return next();
    response.set('Access-Control-Allow-Origin', verdict.corsOrigin);
    response.set('Access-Control-Expose-Headers', EXPOSED_HEADERS);
    if (isPreflight(request)) return answerPreflight(request, response);
    next();
  };
}

function originOf(request: Request): RequestOrigin {
  return {
    method: request.method,
    target: request.url,
    hosts: request.headersDistinct['host'] ?? [],
    origin: request.get('origin'),
    fetchSite: request.get('sec-fetch-site'),
    fetchMode: request.get('sec-fetch-mode'),
  };
}

function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.get('access-control-request-method') !== undefined;
}

function answerPreflight(request: Request, response: Response): void {
  response.set('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
  response.set('Access-Control-Allow-Headers', request.get('access-control-request-headers') ?? 'Content-Type');
  response.set('Access-Control-Max-Age', PREFLIGHT_SECONDS);
  response.status(204).end();
}
