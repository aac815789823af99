import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import type { EntryVisibility, FileEntry } from '@ferry/protocol';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { formatCount } from '../format/format-count';
import { shownName } from '../format/shown-name';
import { sentenceOf } from '../http/sentence-of';
import { PeerAvatar } from '../peers/peer-avatar';
import { PeersStore } from '../peers/peers-store';
import { FilesApi } from './files-api';
import { saveVisibility } from './save-visibility';

const CHOICES: readonly { readonly value: EntryVisibility; readonly label: string; readonly help: string }[] = [
  { value: 'all-paired', label: 'All paired devices', help: 'Also those that are paired later.' },
  { value: 'chosen', label: 'Chosen devices', help: '' },
  { value: 'none', label: 'Nobody', help: 'It stays on this device.' },
];

/** Chooses who may see one or more files. Closes with true when it was saved. */
@Component({
  selector: 'app-visibility-dialog',
  imports: [DialogFrame, PeerAvatar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './visibility-dialog.html',
})
export class VisibilityDialog {
  private readonly api = inject(FilesApi);
  private readonly store = inject(PeersStore);
  private readonly files = inject(DIALOG_DATA) as readonly FileEntry[];
  protected readonly modal = inject(NgbActiveModal);

  protected readonly choices = CHOICES;
  protected readonly heading =
    this.files.length === 1
      ? `Who may see “${shownName(this.files[0]?.name ?? '')}”`
      : `Who may see ${formatCount(this.files.length, 'file')}`;
  /** Nothing is chosen where the files differ. */
  protected readonly choice = signal<EntryVisibility | null>(commonVisibility(this.files));
  private readonly chosen = signal<ReadonlySet<string>>(new Set(this.files[0]?.visibleTo ?? []));
  protected readonly peers = computed(() => this.store.paired());
  protected readonly error = signal<string | null>(null);
  protected readonly isBusy = signal(false);

  protected isChosen(id: string): boolean {
    return this.chosen().has(id);
  }

  protected toggle(id: string): void {
    this.chosen.update((ids) => (ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set(ids).add(id)));
  }

  protected async save(): Promise<void> {
    if (this.isBusy()) return;
    const visibility = this.choice();
    if (visibility === null) return this.error.set('Choose who may see them.');
    const visibleTo = this.peers()
      .map(({ id }) => id)
      .filter((id) => this.chosen().has(id));
    if (visibility === 'chosen' && visibleTo.length === 0) return this.error.set('Choose a device, or “Nobody”.');
    this.isBusy.set(true);
    this.error.set(null);
    const request = visibility === 'chosen' ? { visibility, visibleTo } : { visibility };
    const ids = this.files.map(({ id }) => id);
    const { failed, reason } = await saveVisibility(ids, request, (id) => this.api.update(id, request));
    this.isBusy.set(false);
    if (failed.length === 0) return this.modal.close(true);
    const what = ids.length === 1 ? '' : `${formatCount(failed.length, 'file')} could not be changed. `;
    this.error.set(`${what}${sentenceOf(reason)}`);
  }
}

function commonVisibility(files: readonly FileEntry[]): EntryVisibility | null {
  const all = new Set(files.map(({ visibility }) => visibility));
  return all.size === 1 ? (files[0]?.visibility ?? null) : null;
}
