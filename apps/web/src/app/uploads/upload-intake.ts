import { Injectable, Injector, inject } from '@angular/core';
import { UploadFolder } from './upload-folder';
import { UploadQueue } from './upload-queue';
import type { UploadSource } from './upload-source';

/** Takes what was chosen, dropped or pasted: into the open folder, and with a question when names are taken. */
@Injectable({ providedIn: 'root' })
export class UploadIntake {
  private readonly injector = inject(Injector);
  private readonly folder = inject(UploadFolder);
  private readonly queue = inject(UploadQueue);

  async take(chosen: readonly UploadSource[]): Promise<void> {
    const sources = this.folder.place(chosen);
    this.queue.add(await this.settled(sources));
  }

  /** A node that cannot be asked says why when it gets the files; its setting holds for what it takes. */
  private async settled(sources: readonly UploadSource[]): Promise<readonly UploadSource[]> {
    try {
      const { UploadConflicts } = await import('./upload-conflicts');
      return await this.injector.get(UploadConflicts).settle(sources);
    } catch {
      return sources;
    }
  }
}
