import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileEntry } from '@ferry/protocol';
import { Database } from '../database/database';
import type { EntryChange } from '../entries/entry-changes';
import { FileStore } from '../file-store';
import type { AcceptLimits } from '../names/accept';

/** Everything is let in. */
export const OPEN_LIMITS: AcceptLimits = { maxFileSize: 0, allowedExtensions: ['*'], blockedExtensions: ['exe'] };

/** A store in a temporary folder that can be closed and opened again, as a node is restarted. */
export class StoreFolder {
  readonly skipped: string[] = [];
  readonly changes: EntryChange[] = [];
  private opened: { database: Database; store: FileStore } | undefined;

  private constructor(readonly base: string) {}

  static async create(parent = tmpdir()): Promise<StoreFolder> {
    return new StoreFolder(await mkdtemp(join(parent, 'ferry-store-')));
  }

  get store(): FileStore {
    if (!this.opened) throw new Error('open it first');
    return this.opened.store;
  }

  get database(): Database {
    if (!this.opened) throw new Error('open it first');
    return this.opened.database;
  }

  /** Opens the store; resolves after its first scan. */
  async open(limits: AcceptLimits = OPEN_LIMITS): Promise<FileStore> {
    const database = Database.open(join(this.base, 'data', 'ferry.sqlite'));
    const store = await FileStore.open({
      database,
      sharedDir: this.shared(),
      receivedDir: this.received(),
      limits,
      onSkip: (path, reason) => this.skipped.push(`${path}: ${reason}`),
    });
    this.opened = { database, store };
    store.entries.onChange((change) => this.changes.push(change));
    await store.firstScan;
    return store;
  }

  async close(): Promise<void> {
    await this.opened?.store.close();
    this.opened?.database.close();
    this.opened = undefined;
  }

  async reopen(): Promise<FileStore> {
    await this.close();
    return this.open();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.base, { recursive: true });
  }

  shared(path = ''): string {
    return join(this.base, 'shared', path);
  }

  received(path = ''): string {
    return join(this.base, 'received', path);
  }

  /** Puts a file into the share by hand. */
  async share(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(this.shared(path)), { recursive: true });
    await writeFile(this.shared(path), content);
  }

  /** The entry at `path` of the share, as soon as `isReached`. */
  sharedEntry(path: string, isReached = (entry: FileEntry) => entry.state === 'ready'): Promise<FileEntry> {
    const found = () =>
      this.store.entries
        .list({ scope: 'shared', q: path, limit: 1000 })
        .items.find((entry) => entry.path === path && isReached(entry));
    return this.eventually(found);
  }

  /** What `find` finds, now or after some change of the list. */
  eventually<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const stop = this.store.entries.onChange(look);
      look();
    });
  }

  /** For what no event tells: looks every few milliseconds, for ten seconds at most. */
  async until(isSo: () => boolean): Promise<void> {
    for (let looks = 0; looks < 1_000 && !isSo(); looks += 1) await delay(10);
  }

  /** All names in a folder and below, ours included. */
  async namesIn(folder: string): Promise<string[]> {
    return (await readdir(folder, { recursive: true })).sort();
  }
}
