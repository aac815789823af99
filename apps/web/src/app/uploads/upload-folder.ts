import { Injectable, signal } from '@angular/core';
import type { UploadSource } from './upload-source';

/** The folder of the share that the user is looking at: what is added goes there. */
@Injectable({ providedIn: 'root' })
export class UploadFolder {
  /** `''` is the top. */
  readonly path = signal('');

  /** The sources, each below the folder. */
  place(sources: readonly UploadSource[]): readonly UploadSource[] {
    const folder = this.path();
    if (folder === '') return sources;
    return sources.map((source) => ({ ...source, path: `${folder}/${source.path ?? source.file.name}` }));
  }
}
