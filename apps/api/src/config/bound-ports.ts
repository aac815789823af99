import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from './app-config';

type Ports = Readonly<{ http: number; web: number; peer: number }>;

/**
 * The ports in use. Starts with the configured ones; who listens puts in the real one,
 * which differs when the configured port is 0.
 */
@Injectable()
export class BoundPorts {
  private ports: Ports;

  constructor(@Inject(APP_CONFIG) config: AppConfig) {
    this.ports = {
      http: config.httpPort,
      web: config.webPort,
      peer: config.peerPort,
    };
  }

  /** A snapshot. */
  get current(): Ports {
    return this.ports;
  }

  /** To be called after listening. */
  set(ports: Partial<Ports>): void {
    this.ports = Object.freeze({ ...this.ports, ...ports });
  }
}
