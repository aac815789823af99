import { once } from 'node:events';
import type { Server } from 'node:http';
import { FileStoreError } from '@ferry/file-store';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { loadConfig, type AppConfig } from './config/app-config';
import { BoundPorts } from './config/bound-ports';
import type { Env } from './config/env-reader';
import { ReadinessService } from './health/readiness.service';
import { configureApp } from './http/configure-app';
import { describeListenError } from './http/listen-error';
import { TransferQueue } from './transfers/transfer-queue';
import { IdentityError } from './transport/identity';
import { PeerTransport } from './transport/peer-transport';

/** The node could not start, for a reason that the user can put right; the message says how. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export interface RunningNode {
  /** The ports really bound. */
  readonly ports: { readonly http: number; readonly peer: number };
  /** Stops transfers (they go on at the next start), ends sessions, closes listeners and the database. */
  close(): Promise<void>;
}

/**
 * Starts a node and resolves when both its listeners are up.
 * @throws ConfigError, StartError
 */
export async function startNode(env: Env): Promise<RunningNode> {
  const config = loadConfig(env);
  const app = await createApp(config);
  try {
    return await listen(app, config);
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function createApp(config: AppConfig): Promise<NestExpressApplication> {
  try {
    const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
      bodyParser: false,
      logger: false, // ours takes over below; a failed start says one line, and no log
      abortOnError: false,
      forceCloseConnections: true, // live event streams never end by themselves
    });
    app.useLogger(app.get(Logger));
    return app;
  } catch (error) {
    throw asStartError(error, config);
  }
}

/** What the user can put right becomes one line that says how; anything else stays as it is. */
function asStartError(error: unknown, { dataDir }: AppConfig): unknown {
  if (error instanceof IdentityError) return new StartError(error.message, { cause: error });
  if (!(error instanceof FileStoreError)) return error;
  if (error.code === 'LOCKED')
    return new StartError(
      `Another Ferry node already uses the data folder ${dataDir}. Stop it, or set FERRY_DATA_DIR to another folder.`,
      { cause: error },
    );
  if (error.code === 'DAMAGED')
    return new StartError(`Not all that was stored in the data folder ${dataDir} is there. ${error.message}`, {
      cause: error,
    });
  return error;
}

/** Trust is known before the first peer can connect, and our port before we dial anybody. */
async function listen(app: NestExpressApplication, config: AppConfig): Promise<RunningNode> {
  const transport = app.get(PeerTransport);
  const ports = app.get(BoundPorts);
  const readiness = app.get(ReadinessService);
  configureApp(app);
  app.connectMicroservice({ strategy: transport });
  await app.init();

  await orStartError(app.startAllMicroservices(), { port: config.peerPort, setting: 'FERRY_PEER_PORT' });
  ports.set({ peer: transport.port });
  readiness.mark('peer');

  // Not app.listen(): it logs a failure by itself, and one line is enough.
  await orStartError(openHttp(app, config), { port: config.httpPort, setting: 'FERRY_HTTP_PORT' });
  ports.set({ http: httpPortOf(app) });
  readiness.mark('http');

  app.get(TransferQueue).open();
  const { http, peer } = ports.current;
  app.get(Logger).log(`Listening: HTTP on ${config.httpHost}:${http}, peers on ${config.peerHost}:${peer}`);
  return { ports: ports.current, close: () => app.close() };
}

async function openHttp(app: INestApplication, { httpHost, httpPort }: AppConfig): Promise<void> {
  const server = app.getHttpServer() as Server;
  server.listen(httpPort, httpHost);
  await once(server, 'listening');
}

function httpPortOf(app: INestApplication): number {
  const address = (app.getHttpServer() as { address(): { port: number } | null }).address();
  if (!address) throw new Error('The HTTP server is not listening.');
  return address.port;
}

async function orStartError(listening: Promise<unknown>, target: { port: number; setting: string }): Promise<void> {
  try {
    await listening;
  } catch (error) {
    throw new StartError(describeListenError(error, target), { cause: error });
  }
}
