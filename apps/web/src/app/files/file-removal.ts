import { Injectable, inject } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { sentenceOf } from '../http/sentence-of';
import { ToastStore } from '../toasts/toast-store';
import { FilesApi } from './files-api';

/** Deletes files and folders to the trash, and brings them back. */
@Injectable({ providedIn: 'root' })
export class FileRemoval {
  private readonly api = inject(FilesApi);
  private readonly toasts = inject(ToastStore);

  /** @returns those that are deleted; why others are not is told. */
  async remove(files: readonly FileEntry[]): Promise<readonly FileEntry[]> {
    const removed = await this.each(files, (id) => this.api.remove(id));
    if (removed.length > 0)
      this.toasts.success(`Deleted ${wordsFor(removed)}`, { label: 'Undo', run: () => void this.restore(removed) });
    return removed;
  }

  private async restore(files: readonly FileEntry[]): Promise<void> {
    const restored = await this.each(files, (id) => this.api.restore(id));
    if (restored.length > 0) this.toasts.success(`Brought back ${wordsFor(restored)}`);
  }

  /** One after the other; the first failure is told, and the rest goes on. */
  private async each(files: readonly FileEntry[], work: (id: string) => Promise<void>): Promise<FileEntry[]> {
    const done: FileEntry[] = [];
    let failure: unknown;
    for (const file of files) {
      try {
        await work(file.id);
        done.push(file);
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) this.toasts.danger(sentenceOf(failure));
    return done;
  }
}

function wordsFor(files: readonly FileEntry[]): string {
  const [first] = files;
  return files.length === 1 && first ? `“${first.name}”` : formatCount(files.length, 'item');
}
