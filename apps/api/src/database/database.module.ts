import { Database } from '@ferry/file-store';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { openDataFolder, privately } from './data-folder';

/** The one SQLite file of the node; opening it is also the lock of the data directory. */
@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [APP_CONFIG],
      useFactory: ({ dataDir }: AppConfig) => privately(() => Database.open(openDataFolder(dataDir))),
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
