import { Injectable, inject } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { Dialogs } from '../dialogs/dialogs';
import { OfferDialogs } from '../offers/offer-dialogs';
import { ToastStore } from '../toasts/toast-store';
import { FilesApi } from './files-api';
import type { NameDialogData } from './name-dialog';

/** Opens what can be done with files of this device. */
@Injectable({ providedIn: 'root' })
export class FileDialogs {
  private readonly dialogs = inject(Dialogs);
  private readonly offers = inject(OfferDialogs);
  private readonly toasts = inject(ToastStore);
  private readonly api = inject(FilesApi);

  /** @returns whether it was changed. */
  async visibility(files: readonly FileEntry[]): Promise<boolean> {
    const load = () => import('./visibility-dialog').then(({ VisibilityDialog }) => VisibilityDialog);
    return (await this.dialogs.open<boolean>(load, files)) === true;
  }

  async details({ id }: FileEntry): Promise<void> {
    await this.dialogs.open(() => import('./details-dialog').then(({ DetailsDialog }) => DetailsDialog), id);
  }

  async rename({ id, name, kind }: FileEntry): Promise<void> {
    await this.askName({
      heading: kind === 'folder' ? 'Rename the folder' : 'Rename the file',
      label: 'Name',
      name,
      verb: 'Rename',
      use: async (wanted) => void (await this.api.update(id, { name: wanted })),
    });
  }

  /** @param parent path of the folder to make it in; `''` is the top of the share. */
  async newFolder(parent: string): Promise<void> {
    await this.askName({
      heading: 'New folder',
      label: 'Name',
      name: '',
      verb: 'Make folder',
      use: async (name) => void (await this.api.makeFolder(parent === '' ? name : `${parent}/${name}`)),
    });
  }

  /** @returns whether they were offered: what is not on the disk any more cannot be. */
  async send(files: readonly FileEntry[]): Promise<boolean> {
    const there = files.filter(({ state }) => state !== 'missing');
    if (there.length > 0) return this.offers.send(there);
    this.toasts.danger('These files are missing on the disk.');
    return false;
  }

  private async askName(data: NameDialogData): Promise<void> {
    await this.dialogs.open(() => import('./name-dialog').then(({ NameDialog }) => NameDialog), data);
  }
}
