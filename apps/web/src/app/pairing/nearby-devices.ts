import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import { PeerActions } from '../peers/peer-actions';
import { PeerAvatar } from '../peers/peer-avatar';
import { PeersStore } from '../peers/peers-store';
import { ComparisonStart } from './comparison-start';
import { PairingModeSwitch } from './pairing-mode-switch';
import { peerTarget } from './peer-target';

/** Devices that can be paired by comparison, and whether this one can be found. */
@Component({
  selector: 'app-nearby-devices',
  imports: [PairingModeSwitch, PeerAvatar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './nearby-devices.html',
})
export class NearbyDevices {
  private readonly peers = inject(PeersStore);
  protected readonly actions = inject(PeerActions);
  protected readonly starts = inject(ComparisonStart);
  protected readonly modal = inject(NgbActiveModal);

  protected readonly devices = computed(() =>
    [...this.peers.nearby(), ...this.peers.known()].map((peer) => ({ peer, target: peerTarget(peer) })),
  );
}
