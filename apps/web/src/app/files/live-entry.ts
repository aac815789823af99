import { DestroyRef, Injectable, type Signal, inject, signal } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { EventStream } from '../live/event-stream';
import { FilesApi } from './files-api';

/** One entry as it is now. Provided by what shows it. */
@Injectable()
export class LiveEntry {
  private readonly api = inject(FilesApi);
  private readonly value = signal<FileEntry | null>(null);
  private id = '';

  constructor() {
    const stream = inject(EventStream);
    const stops = [
      stream.on('files.changed', (entry) => {
        if (entry.id === this.id) this.value.set(entry);
      }),
      stream.on('resync', () => void this.load()),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  /** @returns the entry; null until it was read, and when it is gone. */
  follow(id: string): Signal<FileEntry | null> {
    this.id = id;
    void this.load();
    return this.value.asReadonly();
  }

  private async load(): Promise<void> {
    this.value.set(await this.api.read(this.id).catch(() => null));
  }
}
