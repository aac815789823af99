import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from './app-config';
import { ConfigModule } from './config.module';
import type { Env } from './env-reader';

describe('ConfigModule', () => {
  async function warningsOf(env: Env): Promise<string[]> {
    const warnings: string[] = [];
    class Listener extends ConsoleLogger {
      override log = () => undefined;
      override warn = (message: string) => void warnings.push(message);
    }
    const app = await NestFactory.createApplicationContext(ConfigModule.forRoot(loadConfig(env)), {
      logger: new Listener(),
    });
    await app.close();
    return warnings;
  }

  it('warns at the start of settings without effect, by name alone', async () => {
    expect(await warningsOf({ FERRY_PASSWORD: 's3cret', FERRY_LEGACY_PEERS: 'on' })).toEqual([
      'Set, but without effect in this version: FERRY_PASSWORD, FERRY_LEGACY_PEERS',
    ]);
  });

  it('says nothing otherwise', async () => expect(await warningsOf({ FERRY_HTTP_PORT: '1' })).toEqual([]));
});
