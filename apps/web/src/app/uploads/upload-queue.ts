import { Injectable, computed, inject, signal } from '@angular/core';
import { sentenceOf } from '../http/sentence-of';
import { StatusStore } from '../status/status-store';
import { percentOf } from '../ui/percent-of';
import { uploadRefusal } from './upload-refusal';
import { SEND_UPLOAD } from './upload-request';
import type { UploadOutcome, UploadSource } from './upload-source';

export type UploadState = 'waiting' | 'sending' | UploadOutcome | 'failed' | 'cancelled';

export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly sentBytes: number;
  readonly state: UploadState;
  /** A sentence; only when failed. */
  readonly error?: string;
}

const AT_ONCE = 2;

/** Files on their way from this browser to the node, two at a time, in the order they were added. */
@Injectable({ providedIn: 'root' })
export class UploadQueue {
  private readonly send = inject(SEND_UPLOAD);
  private readonly status = inject(StatusStore);
  private readonly list = signal<readonly Upload[]>([]);
  private readonly sources = new Map<number, UploadSource>();
  private readonly running = new Map<number, AbortController>();
  private lastId = 0;

  readonly uploads = this.list.asReadonly();
  readonly pending = computed(() => this.list().filter(isPending));
  readonly failed = computed(() => this.list().filter(({ state }) => state === 'failed'));
  readonly percent = computed(() => {
    const counted = this.list().filter(({ state }) => state !== 'cancelled' && state !== 'failed');
    return percentOf(sum(counted, 'sentBytes'), sum(counted, 'size'));
  });

  add(sources: readonly UploadSource[]): void {
    if (sources.length === 0) return;
    const limits = this.status.status()?.limits;
    const added = sources.map((source): Upload => {
      const id = ++this.lastId;
      this.sources.set(id, source);
      const error = (limits && uploadRefusal(source.file, limits)) ?? undefined;
      const state = error === undefined ? 'waiting' : 'failed';
      return { id, name: source.path ?? source.file.name, size: source.file.size, sentBytes: 0, state, error };
    });
    const before = this.pending().length === 0 ? this.failed() : this.list(); // a new batch starts a new list
    this.list.set([...before, ...added]);
    this.startNext();
  }

  cancel(id: number): void {
    this.running.get(id)?.abort();
    const upload = this.list().find((one) => one.id === id);
    if (upload && isPending(upload)) this.patch(id, { state: 'cancelled' });
  }

  retry(id: number): void {
    this.patch(id, { state: 'waiting', sentBytes: 0, error: undefined });
    this.startNext();
  }

  /** Forgets what is finished, failed or cancelled. */
  clear(): void {
    this.list.update((uploads) => uploads.filter(isPending));
    const kept = new Set(this.list().map(({ id }) => id));
    for (const id of this.sources.keys()) if (!kept.has(id)) this.sources.delete(id);
  }

  private startNext(): void {
    for (const upload of this.list()) {
      if (this.running.size >= AT_ONCE) return;
      if (upload.state === 'waiting') void this.run(upload.id);
    }
  }

  private async run(id: number): Promise<void> {
    const source = this.sources.get(id);
    if (!source) return;
    const abort = new AbortController();
    this.running.set(id, abort);
    this.patch(id, { state: 'sending' });
    try {
      const state = await this.send(source, (sentBytes) => this.patch(id, { sentBytes }), abort.signal);
      this.patch(id, { state, sentBytes: source.file.size });
    } catch (error) {
      this.patch(id, abort.signal.aborted ? { state: 'cancelled' } : { state: 'failed', error: sentenceOf(error) });
    } finally {
      this.running.delete(id);
      this.startNext();
    }
  }

  private patch(id: number, change: Partial<Upload>): void {
    this.list.update((uploads) => uploads.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)));
  }
}

function isPending({ state }: Upload): boolean {
  return state === 'waiting' || state === 'sending';
}

function sum(uploads: readonly Upload[], field: 'size' | 'sentBytes'): number {
  return uploads.reduce((total, upload) => total + upload[field], 0);
}
