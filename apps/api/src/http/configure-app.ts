import type { Server } from 'node:http';
import { Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { BoundPorts } from '../config/bound-ports';
import { builtWebDir, staticWeb } from '../web/static-web';
import { accessRules } from './access-rules';
import { answerClientErrors } from './client-error';
import { answerEarly } from './early-answer';
import { hostGuard } from './host-guard';
import { jsonBody } from './json-body';
import { MediaTypeGuard } from './media-type.guard';
import { ProblemFilter } from './problem.filter';
import { refusePrototypeQuery } from './prototype-keys';
import { securityHeaders } from './security-headers';
import { setupSwagger } from './swagger';
import { createValidationPipe } from './validation-pipe';

const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
/** A connection on which nothing moves for so long is closed; event streams have their heartbeat. */
const IDLE_MS = 5 * 60_000;

/**
 * Gives a Nest application everything that concerns HTTP as a whole. To be called once, before it listens; the application
 * is created with `bodyParser: false`.
 * @param webDir the built UI; may be missing.
 */
export function configureApp(app: NestExpressApplication, webDir = builtWebDir()): void {
  const config = app.get<AppConfig>(APP_CONFIG);
  const ports = app.get(BoundPorts);

  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(answerEarly);
  // The order matters: nothing is answered before the guard has agreed.
  app.use(
    hostGuard(() => {
      const { http, web } = ports.current;
      return accessRules(config, [http, web], web);
    }),
  );
  app.use(securityHeaders());
  app.use(staticWeb(webDir));
  app.use(refusePrototypeQuery);
  app.use(jsonBody());

  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready'] });
  app.useGlobalGuards(new MediaTypeGuard(app.get(Reflector)));
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  setupSwagger(app);
  setTimeouts(app);
  leaveHostToGuard(app.getHttpServer());
  answerClientErrors(app.getHttpServer());
}

/** Node's default ends every request after five minutes, which kills long uploads. */
function setTimeouts(app: NestExpressApplication): void {
  const server = app.getHttpServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.timeout = IDLE_MS;
}

/** The guard refuses a missing Host as well, and in words. Nest makes the server without options, so it is set here. */
function leaveHostToGuard(server: Server): void {
  Object.assign(server, { requireHostHeader: false });
}
