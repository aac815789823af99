import { Injectable, inject, signal } from '@angular/core';
import type { Peer } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { ProblemError } from '../http/problem-error';
import { sentenceOf } from '../http/sentence-of';
import { ToastStore } from '../toasts/toast-store';
import { PeersApi } from './peers-api';
import { PeersStore } from './peers-store';

const SCAN_OFF = 'Scanning is off on this node. Start it with FERRY_SCAN=on to let it look through your own network.';

/** What is done with peers without a dialog, with a message of the outcome. */
@Injectable({ providedIn: 'root' })
export class PeerActions {
  private readonly api = inject(PeersApi);
  private readonly peers = inject(PeersStore);
  private readonly toasts = inject(ToastStore);
  private readonly scanning = signal(false);
  private readonly connectingId = signal<string | null>(null);

  readonly isScanning = this.scanning.asReadonly();
  /** Id of the peer that is being dialled. */
  readonly connecting = this.connectingId.asReadonly();

  /** Looks for devices where announcements do not come through. */
  async scan(): Promise<void> {
    if (this.scanning()) return;
    this.scanning.set(true);
    try {
      const { found, probed, subnets } = await this.api.scan();
      await this.peers.load();
      const where = `${formatCount(probed, 'address', 'addresses')} in ${subnets.join(', ') || 'no network'}`;
      this.toasts.success(`Found ${formatCount(found, 'device')}: looked at ${where}`);
    } catch (error) {
      const isOff = error instanceof ProblemError && error.code === 'scan-off';
      this.toasts.danger(isOff ? SCAN_OFF : sentenceOf(error));
    } finally {
      this.scanning.set(false);
    }
  }

  /** Dials a paired peer where it is seen: a test is what makes the node try. */
  async connect(peer: Peer): Promise<void> {
    if (this.connectingId() !== null) return;
    this.connectingId.set(peer.id);
    try {
      const { reachable, error } = await this.api.test(peer.id);
      if (reachable) this.toasts.success(`Connected to ${peer.name}`);
      else this.toasts.danger(error ?? `${peer.name} does not answer.`);
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
    } finally {
      this.connectingId.set(null);
    }
  }

  async setBlocked(peer: Peer, blocked: boolean): Promise<void> {
    try {
      await this.peers.setPermissions(peer.id, { blocked });
      this.toasts.success(blocked ? `Blocked ${peer.name}` : `${peer.name} is no longer blocked`);
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
    }
  }
}
