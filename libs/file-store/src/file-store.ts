import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import type { FileEntry, FileScope, SkippedObjects } from '@ferry/protocol';
import type { Database } from './database/database';
import { FILE_STORE_MIGRATIONS } from './database/schema';
import { identityOf, isSameFile } from './disk/file-identity';
import { EntryCatalogue } from './entries/entry-catalogue';
import { EntryIndex } from './entries/entry-index';
import { EntryKeys } from './entries/entry-keys';
import type { EntryRow } from './entries/entry-row';
import { FileStoreError } from './file-store-error';
import { StoreFolders, type UnusableFolder } from './folders/store-folders';
import { GONE_RETENTION_MS, TRASH_RETENTION_MS } from './limits';
import { type AcceptLimits, acceptIncoming } from './names/accept';
import { EntryReader } from './reading/entry-reader';
import { BlockReuse } from './reuse/block-reuse';
import { HashQueue } from './share/hash-queue';
import { SumQueue } from './share/sum-queue';
import { skippedObjects } from './share/skipped-objects';
import type { SkipListener } from './share/walk';
import type { PublishedFile } from './staging/publisher';
import type { Staging } from './staging/staging';
import { TrashBin } from './trash/trash-bin';
import type { ResumableUploads } from './uploads/resumable-uploads';
import type { UploadTarget } from './uploads/uploads';
import { WorkerPool } from './workers/worker-pool';

export interface FileStoreOptions {
  /** Stays the caller's; close it after the store. */
  readonly database: Database;
  readonly sharedDir: string;
  readonly receivedDir: string;
  readonly limits: AcceptLimits;
  /** Milliseconds after which what is in the trash is deleted for good; 0 = never. Default 30 days. */
  readonly trashRetentionMs?: number;
  /** Absolute paths that are never moved and never become part of a folder of the store, such as that of the database. */
  readonly privateDirs?: readonly string[];
  /**
   * Folders that are not made should they be gone, as the disk they are on may only be away: the store opens without them, lists what
   * was listed and looks for them. Needs `standInDir`.
   */
  readonly mustExist?: readonly FileScope[];
  /** Absolute path of a folder where an empty one can stand in for one that is gone. */
  readonly standInDir?: string;
  /** Told of everything in a folder that is not listed, with the reason; for the log. */
  readonly onSkip?: SkipListener;
}

/** Leaves a core to the network. */
const WORKERS = Math.max(1, Math.min(4, availableParallelism() - 1));

/** One for what is computed in the background, one for what somebody waits for. */
const SUM_WORKERS = 2;

/** Shared and received files on disk: listed, hashed, read, uploaded, received, deleted and restored. */
export class FileStore {
  /** The list. */
  readonly entries: EntryCatalogue;
  /** Resolves when both folders were listed once; hashing goes on. */
  readonly firstScan: Promise<void>;

  private constructor(
    private readonly index: EntryIndex,
    private readonly folders: StoreFolders,
    /** What was deleted. */
    readonly trashBin: TrashBin,
    private readonly queues: { readonly hashes: HashQueue; readonly sums: SumQueue; readonly reuse: BlockReuse },
    private readonly pools: readonly WorkerPool[],
    private readonly accept: { limits: AcceptLimits },
    private readonly database: Database,
  ) {
    this.entries = new EntryCatalogue(database, index);
    this.firstScan = folders.start();
    this.firstScan.catch(() => undefined); // for who awaits it; nobody has to
    index.visibilities.resume().catch(() => undefined); // the next start goes on
    queues.hashes.kick();
    queues.sums.kick();
    queues.reuse.kick();
  }

  /**
   * Opens both folders (making them if they are missing), repairs what a crash left, and starts to list,
   * watch and hash.
   * @throws FileStoreError IO when a folder cannot be used, or both are the same.
   */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    const { database, limits, sharedDir, receivedDir, onSkip = () => undefined } = options;
    database.migrate('file-store', FILE_STORE_MIGRATIONS);
    const index = new EntryIndex(database);
    index.visibilities.purgeGone(Date.now() - GONE_RETENTION_MS);
    const [hashing, writing] = [new WorkerPool(WORKERS), new WorkerPool(WORKERS)];
    const summing = new WorkerPool(SUM_WORKERS, { isBackground: true });
    let folders: StoreFolders | undefined; // nobody asks before it is open
    let trashBin: TrashBin | undefined; // nothing is told of what is repaired now
    const rootOf = (scope: FileScope) => opened(folders).of(scope).root;
    const onStale = ({ scope, path }: EntryRow) => folders?.of(scope).folder.refresh([path]);
    const ofRow = { rootOf: ({ scope }: EntryRow) => rootOf(scope), onStale };
    const sums = new SumQueue(database, index, summing, ofRow);
    const onBusy = (isBusy: boolean) => sums.pause(isBusy);
    const hashes = new HashQueue(database, index, hashing, { ...ofRow, onBusy, onSkip });
    const reuse = new BlockReuse(database, {
      rootOf,
      onStale,
      onFault: (error) => onSkip('', `the block index: ${error instanceof Error ? error.message : 'failed'}`),
    });
    index.changes.onChange(() => {
      reuse.kick();
      sums.kick();
    });
    await new EntryKeys(database).fill();
    const accept = { limits };
    folders = await StoreFolders.open({
      ...{ database, index, reuse, writing, onSkip },
      limits: () => accept.limits,
      onObserved: (changed?: EntryRow) => {
        if (changed?.state === 'hashing') hashes.settle(changed);
        hashes.kick();
      },
      onPublished: () => hashes.kick(),
      onTrash: () => trashBin?.changed(),
      dirs: { shared: sharedDir, received: receivedDir },
      mustExist: options.mustExist ?? [],
      standInDir: options.standInDir,
      privateDirs: options.privateDirs ?? [],
    });
    const { of } = { of: (scope: FileScope) => opened(folders).of(scope) };
    trashBin = new TrashBin({
      index,
      trashes: () => [of('shared').folder.trash, of('received').folder.trash],
      retentionMs: options.trashRetentionMs ?? TRASH_RETENTION_MS,
      onFailure: (reason) => onSkip('', `the trash: ${reason}`),
    });
    const queues = { hashes, sums, reuse };
    const pools = [hashing, writing, summing];
    return new FileStore(index, folders, trashBin, queues, pools, accept, database);
  }

  /** Files being received. */
  get staging(): Staging {
    return this.folders.received.staging;
  }

  /** Uploads that come in pieces. @throws FileStoreError FOLDER_UNUSABLE while the shared folder is not there. */
  get resumable(): ResumableUploads {
    const { resumable, refusal } = this.folders.shared;
    if (refusal) throw refusal;
    return resumable;
  }

  /**
   * Uses another folder for what is shared or received, from now on: it is scanned, and what was listed leaves the list. Nothing on
   * either disk is moved; uploads under way end.
   * @param dir absolute; made if it is missing.
   * @throws FileStoreError FOLDER_UNUSABLE with the reason: everything stays as it was then.
   */
  changeFolder(scope: FileScope, dir: string): Promise<void> {
    return this.folders.change(scope, dir);
  }

  /**
   * Finds out whether `changeFolder` could use a folder, were the other scope in `otherDir`; nothing is changed.
   * @throws FileStoreError FOLDER_UNUSABLE with the reason.
   */
  checkFolder(scope: FileScope, dir: string, otherDir: string): Promise<void> {
    return this.folders.check(scope, dir, otherDir);
  }

  /** Folders that cannot be used, and why; they are looked for until they are there. */
  unusableFolders(): UnusableFolder[] {
    return this.folders.unusable();
  }

  /**
   * Opens a file of the list for reading; it can be read also while it is being hashed.
   * @throws FileStoreError NOT_FOUND, CHANGED when the disk does not hold what is listed (it is looked at again then).
   */
  async openForRead(entryId: string): Promise<EntryReader> {
    const row = this.index.require(entryId);
    const { root, folder } = this.folders.of(row.scope);
    const refresh = () => folder.refresh([row.path]);
    try {
      const { handle, stats } = await root.openFile(folder.renamer.currentPath(row.path));
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
   * listed at once and hashed afterwards. On any failure nothing is left behind and `source` is destroyed. Chunks of `source` belong
   * to the store: their memory is freed.
   * @returns the file, or that it was skipped for what has its name.
   * @param target `path`: whole relative path with the name, or, ending in `/`, only the folder.
   * @throws FileStoreError UNSAFE_NAME, EXTENSION_NOT_ALLOWED, TOO_LARGE, NO_SPACE, IO; AbortError; what `source` failed with.
   */
  async addUpload(source: Readable, target: UploadTarget, signal?: AbortSignal): Promise<PublishedFile> {
    const { uploads, end, refusal } = this.folders.shared;
    if (refusal) source.destroy();
    if (refusal) throw refusal;
    const signals = signal ? AbortSignal.any([signal, end.signal]) : end.signal;
    const uploaded = await uploads.add(source, target, this.accept.limits, signals).catch((error: unknown) => {
      throw end.signal.aborted
        ? new FileStoreError('FOLDER_UNUSABLE', 'The shared folder was changed meanwhile')
        : error;
    });
    if ('skipped' in uploaded) return { skipped: this.index.toEntry(uploaded.skipped) };
    this.queues.hashes.kick();
    return this.index.toEntry(uploaded.published);
  }

  /**
   * Gives an entry another name in its folder, never one that is taken; id, content and visibility stay. Open readers go on.
   * @throws FileStoreError NOT_FOUND, UNSAFE_NAME, EXTENSION_NOT_ALLOWED, NAME_TAKEN, FOLDER_UNUSABLE, IO
   */
  async rename(entryId: string, name: string): Promise<FileEntry> {
    const { scope } = this.index.require(entryId);
    return this.index.toEntry(await this.folders.of(scope).folder.moves.rename(entryId, name, this.accept.limits));
  }

  /**
   * Makes a folder and those above it under safe names, durably; that it is there already is fine.
   * @throws FileStoreError UNSAFE_NAME, NAME_TAKEN when a file has a name on the way, NO_SPACE, FOLDER_UNUSABLE, IO
   */
  async makeFolder(scope: FileScope, path: string): Promise<FileEntry> {
    return (await this.ensureFolder(scope, path)).folder;
  }

  /** As `makeFolder`, and tells whether it was missing. @throws the same. */
  async ensureFolder(scope: FileScope, path: string): Promise<{ folder: FileEntry; isNew: boolean }> {
    const { row, isNew } = await this.folders.of(scope).folder.moves.makeFolder(path);
    return { folder: this.index.toEntry(row), isNew };
  }

  /**
   * Moves a file, or a folder with all below it, to the trash of its scope.
   * @throws FileStoreError NOT_FOUND, FOLDER_UNUSABLE, IO
   */
  async trash(entryId: string): Promise<void> {
    const { scope } = this.index.require(entryId);
    await this.folders.of(scope).folder.moves.moveToTrash(entryId);
  }

  /**
   * Puts something from the trash back, under `name (2).ext` if its name was taken meanwhile.
   * @throws FileStoreError NOT_FOUND when there is no such thing in the trash, NAME_TAKEN, FOLDER_UNUSABLE, IO
   */
  async restore(entryId: string): Promise<FileEntry> {
    const row = this.index.table.get(entryId);
    if (!row || row.trashedAt === null) throw new FileStoreError('NOT_FOUND', 'It is not in the trash');
    const restored = await this.folders.of(row.scope).folder.restoring.restore(row.rowId);
    this.queues.hashes.kick();
    return this.index.toEntry(restored);
  }

  /** Somebody waits for the hashes of this one: they come next, before all others. Of a folder, and of what is unknown, nothing happens. */
  prioritise(entryId: string): void {
    const row = this.index.table.get(entryId);
    if (!row) return;
    this.queues.hashes.prioritise(row);
    this.queues.sums.prioritise(row);
  }

  /** What lies in the folders and is not listed, with the reason: the first of it, and how much there is. */
  skipped(scope: FileScope | 'all'): SkippedObjects {
    return skippedObjects(this.database, scope);
  }

  /**
   * Name policy, extension filter and size limit for a file that a peer offers.
   * @returns the safe relative path to receive it under.
   * @throws FileStoreError UNSAFE_NAME, EXTENSION_NOT_ALLOWED, TOO_LARGE
   */
  checkIncoming(file: { path: string; size: number }): string {
    return acceptIncoming(file, this.accept.limits);
  }

  /** What uploads and incoming files are checked against now. */
  get limits(): AcceptLimits {
    return this.accept.limits;
  }

  /** Changes what uploads and incoming files are checked against, from now on. */
  setLimits(limits: AcceptLimits): void {
    this.accept.limits = limits;
  }

  /** Stops scans and hashing, keeps what is staged, ends the workers. */
  async close(): Promise<void> {
    await this.trashBin.close();
    await this.index.visibilities.close();
    await this.folders.closeFolders();
    await this.queues.hashes.close();
    await this.queues.sums.close();
    await this.folders.close();
    await this.queues.reuse.close();
    await Promise.all(this.pools.map((pool) => pool.close()));
  }
}

function opened(folders: StoreFolders | undefined): StoreFolders {
  if (!folders) throw new FileStoreError('IO', 'The folders are not open yet');
  return folders;
}
