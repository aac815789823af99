import { Module } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { FilesModule } from '../files/files.module';
import { ConnectionTest } from './connection-test/connection-test';
import { ProbePeerController } from './connection-test/probe.peer-controller';
import { Dialler } from './dialler';
import { DiscoveryService } from './discovery/discovery.service';
import { NearbyDevices } from './discovery/nearby-devices';
import { NearbyPeers } from './discovery/nearby-peers';
import { ScanController } from './discovery/scan.controller';
import { ScanService } from './discovery/scan.service';
import { LocalDevice } from './local-device';
import { AddressClaimService } from './pairing/address-claim.service';
import { ClaimService } from './pairing/claim.service';
import { ComparisonAnswers } from './pairing/comparison-answers';
import { ComparisonDecisions } from './pairing/comparison-decisions';
import { Comparisons } from './pairing/comparisons';
import { PairingModeController } from './pairing/pairing-mode.controller';
import { PairingModeService } from './pairing/pairing-mode.service';
import { PairingPeerController } from './pairing/pairing.peer-controller';
import { PairingService } from './pairing/pairing.service';
import { PairingsController } from './pairing/pairings.controller';
import { PEERS_OPTIONS, peersOptions } from './peers-options';
import { PeerNews } from './peer-news';
import { PeersController } from './peers.controller';
import { PeersRepository } from './peers.repository';
import { PeersService } from './peers.service';
import { Presence } from './presence/presence';
import { RemoteFilesService } from './remote-files.service';
import { ShareNotices } from './share-notices';
import { PeerTrust } from './trust';

/** Known devices: pairing, presence, and what they share. */
@Module({
  imports: [FilesModule],
  controllers: [
    PeersController,
    PairingsController,
    PairingModeController,
    PairingPeerController,
    ScanController,
    ProbePeerController,
  ],
  providers: [
    {
      provide: PEERS_OPTIONS,
      inject: [APP_CONFIG],
      useFactory: ({ peerTimeScale }: AppConfig) => peersOptions(peerTimeScale),
    },
    PeersRepository,
    PeerTrust,
    LocalDevice,
    Dialler,
    NearbyDevices,
    NearbyPeers,
    Presence,
    PeerNews,
    PeersService,
    PairingModeService,
    Comparisons,
    ComparisonAnswers,
    ComparisonDecisions,
    PairingService,
    ClaimService,
    AddressClaimService,
    DiscoveryService,
    ScanService,
    ConnectionTest,
    RemoteFilesService,
    ShareNotices,
  ],
  exports: [PeersService, LocalDevice],
})
export class PeersModule {}
