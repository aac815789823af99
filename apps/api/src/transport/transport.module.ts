import { FEATURES, scaleDeadlines } from '@ferry/protocol';
import { Global, Module } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { DeviceIdentity } from './identity';
import { PeerTransport } from './peer-transport';

/** Who this device is, and its sessions with others. The peer port opens with `startAllMicroservices()`. */
@Global()
@Module({
  providers: [
    {
      provide: DeviceIdentity,
      inject: [APP_CONFIG],
      useFactory: ({ dataDir }: AppConfig) => DeviceIdentity.load(dataDir),
    },
    {
      provide: PeerTransport,
      inject: [DeviceIdentity, APP_CONFIG],
      useFactory: (identity: DeviceIdentity, { peerHost, peerPort, deviceName, peerTimeScale }: AppConfig) =>
        new PeerTransport(identity, {
          host: peerHost,
          port: peerPort,
          deviceName: () => deviceName,
          features: Object.values(FEATURES),
          deadlines: scaleDeadlines(peerTimeScale),
        }),
    },
  ],
  exports: [DeviceIdentity, PeerTransport],
})
export class TransportModule {}
