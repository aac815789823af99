import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import type { Peer, PeerPermissions } from '@ferry/protocol';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { sentenceOf } from '../http/sentence-of';
import { ToastStore } from '../toasts/toast-store';
import { readMebibytes, toMebibytes } from '../format/mebibytes';
import { PeersStore } from './peers-store';

/** What to offer when automatic acceptance is switched on. */
const DEFAULT_AUTO_ACCEPT = 100;

@Component({
  selector: 'app-permissions-dialog',
  imports: [DialogFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './permissions-dialog.html',
})
export class PermissionsDialog {
  private readonly peers = inject(PeersStore);
  private readonly toasts = inject(ToastStore);
  protected readonly modal = inject(NgbActiveModal);
  protected readonly peer = inject(DIALOG_DATA) as Peer;

  protected readonly seeMyFiles = signal(this.peer.permissions.seeMyFiles);
  protected readonly sendToMe = signal(this.peer.permissions.sendToMe);
  protected readonly isAutomatic = signal(this.peer.permissions.autoAcceptBytes > 0);
  protected readonly upTo = signal(String(toMebibytes(this.peer.permissions.autoAcceptBytes) || DEFAULT_AUTO_ACCEPT));
  protected readonly sizeError = signal<string | null>(null);
  protected readonly error = signal<string | null>(null);
  protected readonly isBusy = signal(false);

  protected async save(): Promise<void> {
    const autoAcceptBytes = this.readAutoAccept();
    this.sizeError.set(autoAcceptBytes === null ? 'Enter a whole number of MiB, 1 or more.' : null);
    if (autoAcceptBytes === null) return;
    const permissions = { seeMyFiles: this.seeMyFiles(), sendToMe: this.sendToMe(), autoAcceptBytes };
    await this.store(permissions, `Saved what ${this.peer.name} may do`);
  }

  protected async setBlocked(blocked: boolean): Promise<void> {
    const { name } = this.peer;
    await this.store({ blocked }, blocked ? `Blocked ${name}` : `${name} is no longer blocked`);
  }

  /** @returns null when what was entered is no size. */
  private readAutoAccept(): number | null {
    if (!this.isAutomatic() || !this.sendToMe()) return 0;
    return readMebibytes(this.upTo()) || null;
  }

  private async store(permissions: Partial<PeerPermissions>, done: string): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    this.error.set(null);
    try {
      await this.peers.setPermissions(this.peer.id, permissions);
      this.modal.close();
      this.toasts.success(done);
    } catch (error) {
      this.error.set(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
