import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import type { Pairing } from '@ferry/protocol';
import { formatDeviceId } from '../format/format-device-id';
import { shownName } from '../format/shown-name';
import { sentenceOf } from '../http/sentence-of';
import { PeerAvatar } from '../peers/peer-avatar';
import { PeersStore } from '../peers/peers-store';
import { ToastStore } from '../toasts/toast-store';
import { PairingsStore } from './pairings-store';

/** A comparison that waits for this user: the name is what the other device says of itself. */
@Component({
  selector: 'app-pairing-request',
  imports: [PeerAvatar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './pairing-request.html',
})
export class PairingRequest {
  private readonly store = inject(PairingsStore);
  private readonly peers = inject(PeersStore);
  private readonly toasts = inject(ToastStore);

  readonly pairing = input.required<Pairing>();
  readonly compared = output<void>();

  protected readonly isBusy = signal(false);
  protected readonly isIncoming = computed(() => this.pairing().direction === 'in');
  protected readonly name = computed(() => shownName(this.pairing().peerName ?? 'A device without a name'));
  /** Where it is, as far as the node tells, and the beginning of what cannot be forged. */
  protected readonly whereFrom = computed(() => {
    const { peerId } = this.pairing();
    if (peerId === undefined) return '';
    return [this.peers.addressOf(peerId), `id ${formatDeviceId(peerId).slice(0, 15)}…`].filter(Boolean).join(' · ');
  });

  protected ignore(): Promise<void> {
    return this.attempt(() => this.store.cancel(this.pairing().id));
  }

  /** Blocking ends the connection, and the comparison with it. */
  protected block(): Promise<void> {
    return this.attempt(async () => {
      const { id, peerId } = this.pairing();
      if (peerId === undefined) return;
      const unmute = this.store.mute(id);
      try {
        await this.peers.setPermissions(peerId, { blocked: true });
        this.toasts.success(`Blocked ${this.name()}`);
      } catch (error) {
        unmute();
        throw error;
      }
    });
  }

  private async attempt(deed: () => Promise<void>): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    try {
      await deed();
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
