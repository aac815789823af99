import { Injectable, inject } from '@angular/core';
import type { Peer } from '@ferry/protocol';
import { Dialogs } from '../dialogs/dialogs';
import { sentenceOf } from '../http/sentence-of';
import type { ComparisonTarget } from '../pairing/comparison-start';
import type { PairDialogData } from '../pairing/pair-dialog';
import { peerTarget } from '../pairing/peer-target';
import { ToastStore } from '../toasts/toast-store';
import { PeersStore } from './peers-store';

/** Opens what can be done with peers, from any page. */
@Injectable({ providedIn: 'root' })
export class PeerDialogs {
  private readonly dialogs = inject(Dialogs);
  private readonly peers = inject(PeersStore);
  private readonly toasts = inject(ToastStore);

  /** With a target the comparison begins at once. */
  async pair(target?: ComparisonTarget): Promise<void> {
    await this.openPairing({ target });
  }

  /** Goes on with a comparison, whatever dialog is open. */
  async compare(pairingId: string): Promise<void> {
    await this.openPairing({ pairingId });
  }

  async add(): Promise<void> {
    const wantsToPair = await this.dialogs.open<Peer>(() =>
      import('./add-peer-dialog').then(({ AddPeerDialog }) => AddPeerDialog),
    );
    if (wantsToPair) await this.pair(peerTarget(wantsToPair));
  }

  async permissions(peer: Peer): Promise<void> {
    await this.dialogs.open(
      () => import('./permissions-dialog').then(({ PermissionsDialog }) => PermissionsDialog),
      peer,
    );
  }

  async test(peer: Peer): Promise<void> {
    await this.dialogs.open(() => import('./test-dialog').then(({ TestDialog }) => TestDialog), peer);
  }

  async rename(peer: Peer): Promise<void> {
    await this.dialogs.open(() => import('./rename-dialog').then(({ RenameDialog }) => RenameDialog), peer);
  }

  async remove(peer: Peer): Promise<void> {
    const confirmed = await this.dialogs.confirm({
      title: `${peer.paired ? 'Unpair' : 'Remove'} ${peer.name}?`,
      text: peer.paired
        ? `${peer.name} will no longer see what you share, and you will not see its files. To share again, the two devices must be paired anew. Files already received stay here.`
        : `${peer.name} is forgotten here. You can add it again by its address.`,
      confirmLabel: peer.paired ? 'Unpair' : 'Remove',
    });
    if (!confirmed) return;
    try {
      await this.peers.remove(peer.id);
      this.toasts.success(`${peer.paired ? 'Unpaired' : 'Removed'} ${peer.name}`);
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
    }
  }

  private async openPairing(data: PairDialogData): Promise<void> {
    const next = await this.dialogs.openInstead<{ readonly test: Peer }>(
      () => import('../pairing/pair-dialog').then(({ PairDialog }) => PairDialog),
      data,
    );
    if (next) await this.test(next.test);
  }
}
