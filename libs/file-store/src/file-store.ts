import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import type { FileEntry, FileScope } from '@ferry/protocol';
import type { Database } from './database/database';
import { FILE_STORE_MIGRATIONS } from './database/schema';
import { BusyPaths } from './disk/busy-paths';
import { identityOf, isSameFile } from './disk/file-identity';
import { Root } from './disk/root';
import { EntryCatalogue } from './entries/entry-catalogue';
import { EntryIndex } from './entries/entry-index';
import type { EntryRow } from './entries/entry-row';
import { FileStoreError } from './file-store-error';
import { GONE_RETENTION_MS } from './limits';
import { type AcceptLimits, acceptIncoming } from './names/accept';
import { EntryReader } from './reading/entry-reader';
import { HashQueue } from './share/hash-queue';
import { ScopeFolder } from './share/scope-folder';
import type { SkipListener } from './share/walk';
import { Staging } from './staging/staging';
import { type UploadTarget, Uploads } from './uploads/uploads';
import { WorkerPool } from './workers/worker-pool';

export interface FileStoreOptions {
  /** Stays the caller's; close it after the store. */
  readonly database: Database;
  readonly sharedDir: string;
  readonly receivedDir: string;
  readonly limits: AcceptLimits;
  /** Told of everything in a folder that is not listed, with the reason; for the log. */
  readonly onSkip?: SkipListener;
}

/** Leaves a core to the network. */
const WORKERS = Math.max(1, Math.min(4, availableParallelism() - 1));

/** Shared and received files on disk: listed, hashed, read, uploaded, received, deleted and restored. */
export class FileStore {
  /** The list. */
  readonly entries: EntryCatalogue;
  /** Resolves when both folders were listed once; hashing goes on. */
  readonly firstScan: Promise<void>;

  private constructor(
    private readonly index: EntryIndex,
    private readonly roots: Readonly<Record<FileScope, Root>>,
    private readonly folders: Readonly<Record<FileScope, ScopeFolder>>,
    /** Files being received. */
    readonly staging: Staging,
    private readonly uploads: Uploads,
    private readonly hashes: HashQueue,
    private readonly pools: readonly WorkerPool[],
    private limits: AcceptLimits,
    private readonly database: Database,
  ) {
    this.entries = new EntryCatalogue(database, index);
    this.firstScan = Promise.all([folders.shared.start(), folders.received.start()]).then(() => undefined);
    this.firstScan.catch(() => undefined); // for who awaits it; nobody has to
    this.hashes.kick();
  }

  /**
   * Opens both folders (making them if they are missing), repairs what a crash left, and starts to list,
   * watch and hash.
   * @throws FileStoreError IO when a folder cannot be used, or both are the same.
   */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    const { database, limits, onSkip = () => undefined } = options;
    database.migrate('file-store', FILE_STORE_MIGRATIONS);
    const roots = await openRoots(options);
    const index = new EntryIndex(database);
    index.purgeGone(Date.now() - GONE_RETENTION_MS);
    const busy = { shared: new BusyPaths(), received: new BusyPaths() };
    const [hashing, writing] = [new WorkerPool(WORKERS), new WorkerPool(WORKERS)];
    const folders: Partial<Record<FileScope, ScopeFolder>> = {};
    const hashes = new HashQueue(database, index, hashing, {
      rootOf: ({ scope }) => roots[scope],
      onStale: ({ scope, path }) => folders[scope]?.refresh([path]),
      onSkip,
    });
    const onObserved = (changed?: EntryRow) => {
      if (changed?.state === 'hashing') hashes.settle(changed);
      hashes.kick();
    };
    const openFolder = async (scope: FileScope, other: FileScope) =>
      (folders[scope] = await ScopeFolder.open(roots[scope], {
        ...{ database, index, onSkip, onObserved },
        busy: busy[scope],
        otherRoot: roots[other].path,
      }));
    const staging = await Staging.start(database, index, roots.received, busy.received, writing);
    const uploads = await Uploads.start(roots.shared);
    const both = {
      shared: await openFolder('shared', 'received'),
      received: await openFolder('received', 'shared'),
    };
    return new FileStore(index, roots, both, staging, uploads, hashes, [hashing, writing], limits, database);
  }

  /**
   * Opens a file of the list for reading; it can be read also while it is being hashed.
   * @throws FileStoreError NOT_FOUND, CHANGED when the disk does not hold what is listed (it is looked at again then).
   */
  async openForRead(entryId: string): Promise<EntryReader> {
    const row = this.index.require(entryId);
    const refresh = () => this.folders[row.scope].refresh([row.path]);
    try {
      const { handle, stats } = await this.roots[row.scope].openFile(row.path);
      if (isSameFile(identityOf(stats), row)) {
        return new EntryReader(this.index.toEntry(row), handle, row, refresh);
      }
      await handle.close();
    } catch (error) {
      refresh();
      throw error;
    }
    refresh();
    throw new FileStoreError('CHANGED', 'The file changed on the disk');
  }

  /**
   * Takes a stream of bytes into the share under a safe name, never over another file. The entry is
   * listed at once and hashed afterwards. On any failure nothing is left behind and `source` is destroyed.
   * @param target `path`: whole relative path with the name, or, ending in `/`, only the folder.
   * @throws FileStoreError UNSAFE_NAME, EXTENSION_NOT_ALLOWED, TOO_LARGE, NO_SPACE, IO; AbortError; what `source` failed with.
   */
  async addUpload(source: Readable, target: UploadTarget, signal?: AbortSignal): Promise<FileEntry> {
    const { path, identity } = await this.uploads.add(source, target, this.limits, signal);
    const row = await this.database.batch(() => this.index.observe('shared', path, identity));
    this.hashes.kick();
    return this.index.toEntry(row);
  }

  /**
   * Moves a file to the trash of its folder, where it stays for 30 days.
   * @throws FileStoreError NOT_FOUND, IO
   */
  async trash(entryId: string): Promise<void> {
    const row = this.index.require(entryId);
    await this.folders[row.scope].trash.put(row);
  }

  /**
   * Puts a file from the trash back, under `name (2).ext` if its name was taken meanwhile.
   * @throws FileStoreError NOT_FOUND when there is no such file in the trash, IO
   */
  async restore(entryId: string): Promise<FileEntry> {
    const row = this.index.table.get(entryId);
    if (!row || row.trashedAt === null) throw new FileStoreError('NOT_FOUND', 'No such file in the trash');
    const restored = await this.folders[row.scope].trash.restore(row);
    this.hashes.kick();
    return this.index.toEntry(restored);
  }

  /**
   * Name policy, extension filter and size limit for a file that a peer offers.
   * @returns the safe relative path to receive it under.
   * @throws FileStoreError UNSAFE_NAME, EXTENSION_NOT_ALLOWED, TOO_LARGE
   */
  checkIncoming(file: { path: string; size: number }): string {
    return acceptIncoming(file, this.limits);
  }

  /** Changes what uploads and incoming files are checked against, from now on. */
  setLimits(limits: AcceptLimits): void {
    this.limits = limits;
  }

  /** Stops scans and hashing, keeps what is staged, ends the workers. */
  async close(): Promise<void> {
    await Promise.all([this.folders.shared.close(), this.folders.received.close()]);
    await this.hashes.close();
    await this.staging.close();
    await this.uploads.close();
    await Promise.all(this.pools.map((pool) => pool.close()));
    await Promise.all([this.roots.shared.close(), this.roots.received.close()]);
  }
}

async function openRoots({ sharedDir, receivedDir }: FileStoreOptions): Promise<Record<FileScope, Root>> {
  const roots = {
    shared: await Root.open('shared', sharedDir),
    received: await Root.open('received', receivedDir),
  };
  if (roots.shared.path !== roots.received.path) return roots;
  await Promise.all([roots.shared.close(), roots.received.close()]);
  throw new FileStoreError('IO', 'Shared and received files need two different folders');
}
