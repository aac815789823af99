import { Database } from '@ferry/file-store';
import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { openDataFolder, privately } from './data-folder';

/** The one SQLite file of the node; opening it is also the lock of the data directory. */
@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [APP_CONFIG],
      useFactory: ({ dataDir }: AppConfig) => {
        const database = privately(() => Database.open(openDataFolder(dataDir)));
        database.onBackupFailure((error) =>
          new Logger(Database.name).warn(`No backup copy was made: ${String(error)}`),
        );
        return database;
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
