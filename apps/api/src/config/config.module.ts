import { Global, Inject, Logger, Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from './app-config';
import { BoundPorts } from './bound-ports';

/** Gives every module the configuration and the ports really bound. */
@Global()
@Module({})
export class ConfigModule implements OnApplicationBootstrap {
  private readonly logger = new Logger(ConfigModule.name);

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: APP_CONFIG, useValue: config }, BoundPorts],
      exports: [APP_CONFIG, BoundPorts],
    };
  }

  onApplicationBootstrap(): void {
    const { withoutEffect } = this.config;
    if (withoutEffect.length === 0) return;
    this.logger.warn(`Set, but without effect in this version: ${withoutEffect.join(', ')}`);
  }
}
