import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProblemCode } from '@ferry/protocol';
import { describeError } from './describe-error';
import { systemCodeOf } from './listen-error';
import { ProblemError } from './problem-error';

const REFUSALS: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The request line and the headers are larger than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The headers of the request did not arrive in time.'],
};
const MALFORMED = ['malformed-request', 'What was sent cannot be read as HTTP/1.1.'] as const;

/**
 * Answers what no handler ever sees, because it is no HTTP or too much of it, with a problem instead of Node's empty answer.
 * The connection ends with it, as it does without this.
 */
export function answerClientErrors(server: Server): void {
  server.on('clientError', (error, socket) => {
    const code = systemCodeOf(error);
    if (code === 'ECONNRESET' || !socket.writable || hasAnswered(socket)) return void socket.destroy();
    const [problem, detail] = REFUSALS[String(code)] ?? MALFORMED;
    socket.end(answerOf(new ProblemError(problem, detail)), () => socket.destroy());
  });
}

/** A second answer would be taken for a part of the first, which may be under way. Node keeps the answer at the socket. */
function hasAnswered(socket: Duplex): boolean {
  const { _httpMessage: answer } = socket as { _httpMessage?: { headersSent?: boolean } | null };
  return answer?.headersSent === true;
}

function answerOf(error: ProblemError): string {
  const problem = describeError(error, randomUUID());
  const body = JSON.stringify(problem);
  const lines = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
