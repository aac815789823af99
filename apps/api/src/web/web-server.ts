import { once } from 'node:events';
import { Agent, createServer, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { AppConfig } from '../config/app-config';
import { accessRules } from '../http/access-rules';
import { answerClientErrors } from '../http/client-error';
import { answerEarly, hasBody } from '../http/early-answer';
import { hostGuard } from '../http/host-guard';
import { answerProblem } from '../http/problem-response';
import { ProblemError } from '../http/problem-error';
import { securityHeaders } from '../http/security-headers';
import { builtWebDir, isNodePath, staticWeb } from './static-web';

export interface WebServer {
  /** The bound port. */
  readonly port: number;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

interface WebServerOptions {
  /** The port that the node really listens on; the configured one without this. */
  readonly apiPort?: number;
  readonly webDir?: string;
}

/**
 * Starts the separate web server: the built UI, and the node's API under the same origin. It judges Host and Origin
 * by itself and passes both on unchanged, so that the node judges them again.
 * @throws Error of `listen`; see `describeListenError`.
 */
export async function startWebServer(
  config: AppConfig,
  { apiPort = config.httpPort, webDir = builtWebDir() }: WebServerOptions = {},
): Promise<WebServer> {
  const app = express();
  const timeouts = { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 };
  const server = createServer({ ...timeouts, requireHostHeader: false }, app); // the guard refuses it in words
  const boundPort = () => (server.address() as AddressInfo | null)?.port ?? config.webPort;
  app.disable('x-powered-by');
  app.use(answerEarly);
  app.use(hostGuard(() => accessRules(config, [boundPort()], boundPort())));
  app.use(proxyToNode(config.httpHost, apiPort));
  app.use(securityHeaders());
  app.use(staticWeb(webDir));
  app.use(notFound);
  app.use(answerError);
  answerClientErrors(server);
  server.requestTimeout = 0; // uploads take as long as they take
  server.listen(config.webPort, config.httpHost);
  await once(server, 'listening');
  return {
    port: boundPort(),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections(); // event streams never end by themselves
      await closed;
    },
  };
}

function proxyToNode(host: string, port: number): RequestHandler {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return createProxyMiddleware<Request, Response>({
    target: `http://${bracketed}:${port}`,
    pathFilter: (path) => isNodePath(path),
    changeOrigin: false, // the node checks the Host that the browser sent
    agent: new Agent({ keepAlive: true }),
    on: {
      // The node may refuse by the headers alone; without this they wait for the first bytes of the body.
      proxyReq: (outgoing, request) => {
        if (hasBody(request)) outgoing.flushHeaders();
      },
      error: (_error, request, response) => {
        if (response instanceof ServerResponse) answerNodeAway(request, response);
      },
    },
  });
}

const notFound: RequestHandler = (_request, _response, next) => {
  next(new ProblemError('not-found', 'There is nothing at this address.'));
};

/** An event stream gets no answer at all when the node is away: browsers reconnect after that, but not after a 502. */
function answerNodeAway(request: Request, response: Response): void {
  if (response.headersSent) return; // the proxy has broken the answer off
  if (request.get('accept')?.includes('text/event-stream')) {
    response.destroy();
  } else {
    const detail = 'The Ferry node does not answer. Start it, or wait until it is up.';
    answerProblem(request, response, new ProblemError('peer-unreachable', detail));
  }
}

/** Express knows an error handler by its four parameters. */
const answerError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
  if (isNodePath(request.path)) answerNodeAway(request, response);
  else answerProblem(request, response, error);
};
