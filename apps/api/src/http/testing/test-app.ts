import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from '../../config/app-config';
import { loadConfig } from '../../config/app-config';
import { BoundPorts } from '../../config/bound-ports';
import { ConfigModule } from '../../config/config.module';
import type { Env } from '../../config/env-reader';
import { EventsModule } from '../../events/events.module';
import { HealthModule } from '../../health/health.module';
import { LoggingModule } from '../../logging/logging.module';
import { configureApp } from '../configure-app';

export interface TestApp {
  readonly app: NestExpressApplication;
  readonly config: AppConfig;
  readonly port: number;
  close(): Promise<void>;
}

interface TestAppOptions {
  readonly env?: Env;
  readonly webDir?: string;
  readonly imports?: Type[];
  readonly controllers?: Type[];
}

/** A real application on a free port: everything of the HTTP side, and the modules of the test. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const config = loadConfig({ FERRY_HTTP_PORT: '0', FERRY_LOG_LEVEL: 'silent', ...options.env });
  class TestModule {}
  const app = await NestFactory.create<NestExpressApplication>(
    {
      module: TestModule,
      imports: [
        ConfigModule.forRoot(config),
        LoggingModule.forRoot(config),
        EventsModule,
        HealthModule,
        ...(options.imports ?? []),
      ],
      controllers: options.controllers ?? [],
    },
    { bodyParser: false, logger: false, abortOnError: false, forceCloseConnections: true },
  );
  configureApp(app, options.webDir);
  await app.listen(config.httpPort, config.httpHost);
  const { port } = app.getHttpServer().address() as { port: number };
  app.get(BoundPorts).set({ http: port });
  return { app, config, port, close: () => app.close() };
}
