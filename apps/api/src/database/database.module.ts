import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '@ferry/file-store';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config';

export const DATABASE_FILE = 'ferry.sqlite';

/** The one SQLite file of the node; opening it is also the lock of the data directory. */
@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [APP_CONFIG],
      useFactory: ({ dataDir }: AppConfig) => {
        mkdirSync(dataDir, { recursive: true, mode: 0o700 });
        return Database.open(join(dataDir, DATABASE_FILE));
      },
    },
  ],
  exports: [Database],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Runs after every module's `onModuleDestroy`, so nobody writes any more. */
  onApplicationShutdown(): void {
    this.database.close();
  }
}
