import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { DeviceIdentity } from '../transport/identity';
import { PeerTransport } from '../transport/peer-transport';
import { listeningAddresses } from './pairing/listening-addresses';

/** What this device tells others about itself. */
@Injectable()
export class LocalDevice {
  constructor(
    private readonly identity: DeviceIdentity,
    private readonly transport: PeerTransport,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  get id(): string {
    return this.identity.deviceId;
  }

  get name(): string {
    return this.config.deviceName;
  }

  /** Where its peer server can be reached, as far as it knows itself. */
  addresses(): string[] {
    return listeningAddresses(this.config.peerHost, this.transport.port);
  }
}
