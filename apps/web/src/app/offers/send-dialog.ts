import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import { type FileEntry, formatBytes } from '@ferry/protocol';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { formatCount } from '../format/format-count';
import { sentenceOf } from '../http/sentence-of';
import { PeerAvatar } from '../peers/peer-avatar';
import { PeerPresence } from '../peers/peer-presence';
import { PeersStore } from '../peers/peers-store';
import { ToastStore } from '../toasts/toast-store';
import { OffersStore } from './offers-store';

/** Offers files to peers that are online. Closes with true when they were offered. */
@Component({
  selector: 'app-send-dialog',
  imports: [DialogFrame, PeerAvatar, PeerPresence],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './send-dialog.html',
})
export class SendDialog {
  private readonly offers = inject(OffersStore);
  private readonly store = inject(PeersStore);
  private readonly toasts = inject(ToastStore);
  private readonly files = inject(DIALOG_DATA) as readonly FileEntry[];
  protected readonly modal = inject(NgbActiveModal);

  private readonly chosen = signal<ReadonlySet<string>>(new Set());
  protected readonly peers = computed(() => this.store.paired().filter(({ permissions }) => !permissions.blocked));
  /** A peer may go offline while the dialog is open. */
  protected readonly receivers = computed(() =>
    this.peers().filter(({ id, state }) => state === 'online' && this.chosen().has(id)),
  );
  protected readonly heading = `Send ${formatCount(this.files.length, 'file')}`;
  protected readonly size = formatBytes(this.files.reduce((sum, { size }) => sum + size, 0));
  protected readonly button = computed(() => {
    const { length } = this.receivers();
    return length === 0 ? 'Send' : `Send to ${formatCount(length, 'device')}`;
  });
  protected readonly error = signal<string | null>(null);
  protected readonly isBusy = signal(false);

  protected isChosen(id: string): boolean {
    return this.receivers().some((peer) => peer.id === id);
  }

  protected toggle(id: string): void {
    this.chosen.update((ids) => (ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set(ids).add(id)));
  }

  protected async send(message: string): Promise<void> {
    if (this.isBusy()) return;
    const receivers = this.receivers();
    if (receivers.length === 0) return this.error.set('Choose a device that is online.');
    this.isBusy.set(true);
    this.error.set(null);
    try {
      await this.offers.make({
        peerIds: receivers.map(({ id }) => id),
        entryIds: this.files.map(({ id }) => id),
        ...(message.trim() !== '' && { message: message.trim() }),
      });
      this.modal.close(true);
      this.toasts.success(`Waiting for ${receivers.map(({ name }) => name).join(', ')} to accept`);
    } catch (error) {
      this.error.set(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
