import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule, type Params } from 'nestjs-pino';
import type { DestinationStream, LogFn, Logger } from 'pino';
import type { Options } from 'pino-http';
import type { AppConfig } from '../config/app-config';
import { redactSecrets } from './redact';

/** Structured logs: JSON lines on stdout, one a request, without bodies, queries and secrets. */
@Module({})
export class LoggingModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: LoggingModule,
      imports: [LoggerModule.forRoot(loggerParams(config))],
    };
  }
}

/** @param destination where the lines go; stdout without it. */
export function loggerParams({ logLevel }: Pick<AppConfig, 'logLevel'>, destination?: DestinationStream): Params {
  const options: Options = {
    level: logLevel,
    genReqId: () => randomUUID(),
    customAttributeKeys: { reqId: 'traceId' },
    quietReqLogger: true,
    autoLogging: { ignore: isQuiet },
    customLogLevel: (_request, response, error) => levelOf(response, error),
    serializers: { req: describeRequest, res: describeResponse },
    redact: { paths: SECRET_FIELDS, censor: '[redacted]' },
    hooks: { streamWrite: redactSecrets, logMethod: skipBootNoise },
  };
  return {
    forRoutes: ['{*rest}'],
    pinoHttp: destination ? [options, destination] : options,
  };
}

/** Nest says a line for each route and module at every start, under these names; our own line says when and where we listen. */
const BOOT_NOISE = ['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'NestApplication', 'NestMicroservice'];
const INFO = 30;

function skipBootNoise(this: Logger, args: Parameters<LogFn>, log: LogFn, level: number): void {
  const [said] = args as [unknown];
  const isNoise =
    typeof said === 'object' && said !== null && 'context' in said && BOOT_NOISE.includes(`${said.context}`);
  if (!isNoise || level > INFO) log.apply(this, args);
}

/** Fields that any log call might carry. */
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'secret', 'uri'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.headers.${name}`,
]);

/** Health checks come every few seconds, and the files of the UI say nothing. */
function isQuiet(request: IncomingMessage): boolean {
  return !request.url?.startsWith('/api/v1');
}

function levelOf(response: ServerResponse, error: Error | undefined): 'error' | 'info' | 'debug' {
  if (error || response.statusCode >= 500) return 'error';
  return response.statusCode >= 400 ? 'info' : 'debug';
}

interface LoggedRequest {
  readonly method: string;
  readonly url: string;
}

function describeRequest({ method, url }: LoggedRequest): object {
  return { method, path: url.split('?', 1)[0] };
}

function describeResponse({ statusCode }: { readonly statusCode: number }): object {
  return { statusCode };
}
