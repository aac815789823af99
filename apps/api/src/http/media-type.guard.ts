import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ProblemError } from './problem-error';

const CONSUMES = 'ferry:consumes';

/** The media type that the body of a route must have; JSON without this. */
export const Consumes = (mediaType: string) => SetMetadata(CONSUMES, mediaType);

/**
 * Refuses bodies of another type than the route takes. HTML forms can send only three types across origins
 * without a preflight; two of them end here.
 */
@Injectable()
export class MediaTypeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const expected = this.reflector.get<string | undefined>(CONSUMES, context.getHandler()) ?? 'application/json';
    // `is` answers null without a body, but takes an empty one for a body.
    if (request.get('content-length') === '0' || request.is(expected) !== false) return true;
    throw new ProblemError('unsupported-media-type', `Send the body as ${expected}.`);
  }
}
