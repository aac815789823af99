import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from './app-config';
import { BoundPorts } from './bound-ports';

/** Gives every module the configuration and the ports really bound. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: APP_CONFIG, useValue: config }, BoundPorts],
      exports: [APP_CONFIG, BoundPorts],
    };
  }
}
