import { FileStore, type EntryReader } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** How long a file stays open after its last use: the next request for its blocks usually follows at once. */
const IDLE_MS = 5_000;
/** Files held open for peers at once; beyond it, idle ones are closed early. docs/LIMITS.md. */
export const MAX_IDLE_READERS = 64;

interface Lent {
  readonly opening: Promise<EntryReader>;
  users: number;
  timer?: NodeJS.Timeout;
}

/** Keeps files that peers are reading open between requests, so a 4 MiB request does not pay for an open and its checks. */
@Injectable()
export class OpenReaders implements OnModuleDestroy {
  private readonly lent = new Map<string, Lent>();

  constructor(private readonly store: FileStore) {}

  /**
   * Lends the reader of an entry, with the content that it has now, to `work`.
   * @throws FileStoreError NOT_FOUND, CHANGED
   */
  async use<T>({ id, fileId }: FileEntry, work: (reader: EntryReader) => Promise<T>): Promise<T> {
    const key = `${id} ${fileId}`; // a reader of former content would only find out that the file has changed
    const lent = this.lent.get(key) ?? this.open(key, id);
    lent.users += 1;
    clearTimeout(lent.timer);
    try {
      const reader = await lent.opening;
      return await work(reader);
    } catch (error) {
      this.forget(key, lent); // a changed file is opened anew by the next request
      throw error;
    } finally {
      lent.users -= 1;
      if (lent.users === 0) this.rest(key, lent);
    }
  }

  async onModuleDestroy(): Promise<void> {
    const all = [...this.lent];
    await Promise.all(all.map(([key, lent]) => this.close(key, lent)));
  }

  private open(key: string, entryId: string): Lent {
    const lent: Lent = { opening: this.store.openForRead(entryId), users: 0 };
    this.lent.set(key, lent);
    return lent;
  }

  private rest(key: string, lent: Lent): void {
    if (this.lent.get(key) !== lent || this.lent.size > MAX_IDLE_READERS) void this.close(key, lent);
    else lent.timer = setTimeout(() => void this.close(key, lent), IDLE_MS).unref();
  }

  private forget(key: string, lent: Lent): void {
    if (this.lent.get(key) === lent) this.lent.delete(key);
  }

  private async close(key: string, lent: Lent): Promise<void> {
    clearTimeout(lent.timer);
    this.forget(key, lent);
    await lent.opening.then(
      (reader) => reader.close(),
      () => undefined, // it never opened; whoever asked was told why
    );
  }
}
