import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';

/** What is still read of a body after its answer, so that clients that send before they read get to see the answer. */
const MAX_DRAIN_BYTES = 8 * 1024 * 1024;
const MAX_DRAIN_MS = 2_000;

type End = Response['end'];

/**
 * Lets an answer go out while the body of its request is still arriving: at once, as the last one of its connection, which
 * ends after a little more of the body. Node would read the body to its end, or, under `Connection: close`, reset the
 * connection before the client has seen the answer.
 */
export const answerEarly: RequestHandler = (request, response, next) => {
  if (hasBody(request)) response.end = endWith(request, response, response.end.bind(response));
  next();
};

function endWith(request: IncomingMessage, response: Response, end: End): End {
  let isEnding = false;
  return ((...args: Parameters<End>) => {
    if (request.complete || request.destroyed || isEnding) return end(...args);
    isEnding = true;
    sendNow(response, args);
    drain(request, () => end(() => request.socket.destroySoon()));
    return response;
  }) as End;
}

/** The whole answer but for its formal end, which would close the connection. */
function sendNow(response: Response, [body, encoding]: readonly unknown[]): void {
  const bytes = typeof body === 'string' ? Buffer.from(body, encodingOf(encoding)) : body;
  const hasBytes = bytes instanceof Uint8Array && bytes.length > 0;
  if (!response.headersSent) {
    response.setHeader('Connection', 'close');
    if (!response.hasHeader('Content-Length')) response.setHeader('Content-Length', hasBytes ? bytes.length : 0);
  }
  if (hasBytes) response.write(bytes);
  else response.flushHeaders();
}

/** Reads the body until it has ended or was enough; whoever read it before gets no more of it. */
function drain(request: IncomingMessage, done: () => void): void {
  let bytes = 0;
  const count = (part: Uint8Array) => {
    bytes += part.length;
    if (bytes >= MAX_DRAIN_BYTES) finish();
  };
  const finish = () => {
    clearTimeout(timer);
    request.off('data', count).off('end', finish).off('close', finish);
    done();
  };
  const timer = setTimeout(finish, MAX_DRAIN_MS);
  request.unpipe();
  request.on('data', count).on('end', finish).on('close', finish).resume();
}

/** Whether the headers announce a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function encodingOf(encoding: unknown): BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
}
