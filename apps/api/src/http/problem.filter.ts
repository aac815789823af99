import { Catch, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { PeerError } from '../transport/peer-error';
import { allowedMethods } from './allowed-methods';
import { ProblemError } from './problem-error';
import { answerProblem } from './problem-response';

/** The one place where an error becomes an HTTP answer (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    // Errors of peer messages are answered by the session.
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (error instanceof PeerError && error.code === 'RATE_LIMITED') {
      response.set('Retry-After', '60');
    }
    if (response.destroyed) return this.logger.debug({ err: error }, 'the client went away');
    const problem = answerProblem(request, response, asWrongMethod(error, request, response) ?? error);
    if (problem.code === 'internal') {
      this.logger.error({ err: error, traceId: problem.traceId }, 'request failed');
    }
  }
}

/** Nest says of a wrong method at a known path what it says of an unknown path. */
function asWrongMethod(error: unknown, request: Request, response: Response): ProblemError | undefined {
  if (!(error instanceof NotFoundException)) return undefined;
  const methods = allowedMethods(request.app, request.path);
  if (methods.length === 0 || methods.includes(request.method)) return undefined;
  const allowed = methods.join(', ');
  response.set('Allow', allowed);
  return new ProblemError('method-not-allowed', `Only ${allowed} can be used at this address.`);
}
