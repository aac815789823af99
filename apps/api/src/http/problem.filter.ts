import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { PeerError } from '../transport/peer-error';
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
    const problem = answerProblem(request, response, error);
    if (problem.code === 'internal') {
      this.logger.error({ err: error, traceId: problem.traceId }, 'request failed');
    }
  }
}
