import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type ConflictRule, type FileEntry, HASH_BYTES, blockCountOf } from '@ferry/protocol';
import { fileIdOf } from '../content';
import type { Directory } from '../disk/directory';
import { type FileIdentity, identityOf, isSameFile } from '../disk/file-identity';
import { FreeSpace, noSpace } from '../disk/free-space';
import { removeFile } from '../disk/publish-file';
import { STAGING_FOLDER } from '../disk/root';
import { FileStoreError, asStoreError } from '../file-store-error';
import { ORPHANED_STAGING_MS, STAGING_TIDY_MS } from '../limits';
import { safePath } from '../names/accept';
import type { BlockReuse } from '../reuse/block-reuse';
import type { WorkerPool } from '../workers/worker-pool';
import { BlockMap } from './block-map';
import { removeOrphans } from './orphans';
import { Publisher, type PublisherOptions } from './publisher';
import { recheckBlocks } from './recheck';
import { StagedFile, type StagedFileHost } from './staged-file';
import { type StagingRow, StagingTable } from './staging-table';

/** A file to be received. */
export interface StagingRequest {
  /** Names the work across restarts; at most one open file a key. */
  readonly key: string;
  readonly fileId: string;
  readonly size: number;
  /** Block hashes, 32 bytes each, concatenated; copied. */
  readonly hashes: Uint8Array;
  /** Relative, as `checkIncoming` gave it. */
  readonly path: string;
  /** ISO 8601; becomes the modified time of the published file. */
  readonly modifiedAt: string;
  readonly mediaType: string;
  /** When the name is taken; default `keep-both`. */
  readonly onConflict?: ConflictRule;
}

export interface StagingOptions extends PublisherOptions {
  /** Verifies and writes. */
  readonly pool: WorkerPool;
  readonly reuse: BlockReuse;
  /** Why nothing can be received: the folder is not there, and another one stands in for it. */
  readonly refusal?: FileStoreError | undefined;
}

const { O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
const FILE_MODE = 0o644;
const NO_IDENTITY: FileIdentity = { size: -1, mtime: -1, inode: -1 };

/** Where received files grow, in a folder of ours on the file system of the received files. */
export class Staging implements StagedFileHost {
  readonly publisher: Publisher;
  private readonly table: StagingTable;
  private readonly files = new Map<string, StagedFile | undefined>();
  /** Files closed in this run and not touched since need no second look. */
  private readonly closed = new Map<string, FileIdentity>();

  readonly pool: WorkerPool;
  readonly reuse: BlockReuse;
  private readonly space = new FreeSpace(() => this.folder.base);
  private readonly tidyTimer = setInterval(
    () => void this.removeOrphans().catch(() => undefined),
    STAGING_TIDY_MS,
  ).unref();

  private constructor(
    private readonly options: StagingOptions,
    private readonly folder: Directory,
  ) {
    this.pool = options.pool;
    this.reuse = options.reuse;
    this.table = new StagingTable(options.database);
    this.publisher = new Publisher(options, folder, this.table);
  }

  /** Opens the staging folder of the received files, finishing what a crash interrupted. */
  static async start(options: StagingOptions): Promise<Staging> {
    const staging = new Staging(options, await options.root.openOwnFolder(STAGING_FOLDER));
    if (options.refusal) return staging; // what the list says is about another folder
    for (const row of staging.table.publishing()) await staging.publisher.recover(row);
    await staging.removeOrphans();
    return staging;
  }

  /**
   * Opens a file to be received, new or as an earlier run or call left it. Blocks of an earlier run are
   * hashed again before they count.
   * @throws FileStoreError HASH_MISMATCH when the hashes do not make up `fileId`, UNSAFE_NAME, NO_SPACE, FOLDER_UNUSABLE, IO.
   */
  async open(request: StagingRequest): Promise<StagedFile> {
    const { key } = request;
    if (this.options.refusal) throw this.options.refusal;
    await checkContent(request);
    const path = safePath(request.path);
    if (this.files.has(key)) throw new FileStoreError('IO', 'This file is being received already');
    this.files.set(key, undefined);
    let handle: FileHandle | undefined;
    try {
      const part = partName(key);
      const known = this.resumable(request);
      await this.checkSpace(key, request.size);
      if (!known) await removeFile(this.folder.at(part));
      const isClone = !known && (await this.reuse.clone(request.fileId, request.size, this.folder.at(part)));
      handle = await open(this.folder.at(part), O_RDWR | O_CREAT | O_NOFOLLOW, FILE_MODE);
      if (isClone) await handle.chmod(FILE_MODE); // it got that of the other file
      const stats = await handle.stat();
      const map = known ? await this.trustedBlocks(known, handle, stats) : new BlockMap(blockCountOf(request.size));
      await handle.truncate(request.size);
      const row = toRow(request, path, part, stats.ino, map);
      const stored = this.options.database.batch(() => this.table.put(row)); // nobody waits for the disk twice
      stored.catch(() => undefined); // met by what relies on it
      const file = new StagedFile(this, { row, handle, written: map, isClone, stored });
      this.files.set(key, file);
      return file;
    } catch (error) {
      this.files.delete(key);
      await handle?.close();
      throw asStoreError(error, 'opening a staged file');
    }
  }

  /** Deletes what is staged under `key`, open or not, and forgets that it was published. */
  async discard(key: string): Promise<void> {
    const file = this.files.get(key);
    if (file) return file.discard();
    const row = this.table.get(key);
    if (row) await this.remove(row);
  }

  /**
   * The received file that `key` became, if it was published and is still there. Finishes first what a failing disk interrupted.
   * @throws FileStoreError IO
   */
  async findPublished(key: string): Promise<FileEntry | undefined> {
    const interrupted = this.table.get(key);
    if (interrupted?.state === 'publishing' && !this.files.has(key)) await this.publisher.recover(interrupted);
    const row = this.table.get(key);
    if (row?.state !== 'published' || row.entryId === null) return undefined;
    const entry = this.options.index.table.get(row.entryId);
    return entry?.trashedAt === null ? this.options.index.toEntry(entry) : undefined;
  }

  /** Verified bytes of a file that an earlier run or call left staged, as far as they are surely on the disk. */
  stagedBytes(key: string): number {
    const row = this.table.get(key);
    return row?.state === 'writing' ? BlockMap.from(row.blocks, blockCountOf(row.size)).presentBytes(row.size) : 0;
  }

  /**
   * Passes if there is room for a file of `size` bytes beside what the open files still have to write.
   * @param key what is staged under it already needs no room.
   * @throws FileStoreError NO_SPACE
   */
  async checkSpace(key: string, size: number): Promise<void> {
    const own = size - this.stagedBytes(key);
    const available = await this.availableBytes();
    if (own > 0 && own > available) throw noSpace(own, available);
  }

  /** Bytes that fit beside what the open files still have to write; below 0 what must become free before anything fits. */
  async availableBytes(): Promise<number> {
    return (await this.space.available()) - this.bytesToCome();
  }

  /**
   * Deletes what is staged, was not touched for a week and is not wanted any more: remains of a crash while it was given up.
   * @param isWanted told a key.
   */
  async forgetUnwanted(isWanted: (key: string) => boolean): Promise<void> {
    const oldest = Date.now() - ORPHANED_STAGING_MS;
    for (let keys = this.table.untouchedSince(oldest, ''); keys.length > 0;) {
      for (const key of keys) if (!isWanted(key) && !this.files.has(key)) await this.discard(key);
      keys = this.table.untouchedSince(oldest, keys.at(-1) ?? '');
    }
  }

  /** Files that are begun and not published, open or not. */
  unfinishedFiles(): number {
    return Math.max(this.table.countUnfinished(), this.files.size);
  }

  /** Closes all open files, keeping what is staged. */
  async close(): Promise<void> {
    clearInterval(this.tidyTimer);
    await Promise.allSettled([...this.files.values()].map((file) => file?.close()));
    await this.folder.close();
  }

  /** @internal */
  async commitBlocks({ key, hashes }: StagingRow, map: BlockMap, blocks: readonly number[]): Promise<void> {
    await this.options.database.batch(() => {
      this.table.setBlocks(key, map.bytes);
      this.reuse.index.addStaged(key, hashes, blocks);
    });
  }

  /** @internal */
  async takeSpace(bytes: number): Promise<void> {
    await this.space.take(bytes, () => this.bytesToCome());
  }

  /** @internal */
  async syncFolder(): Promise<void> {
    await this.folder.sync();
  }

  /** @internal */
  released(key: string, stats?: Stats): void {
    this.files.delete(key);
    if (stats) this.closed.set(key, identityOf(stats));
    else this.closed.delete(key);
  }

  /** @internal */
  async remove(row: StagingRow): Promise<void> {
    if (this.files.has(row.key)) return; // opened again meanwhile
    this.closed.delete(row.key);
    await this.options.database.batch(() => this.table.delete(row.key));
    await removeFile(this.folder.at(row.part));
  }

  /** What the open files still have to write. */
  private bytesToCome(): number {
    const open = [...this.files.values()].filter((file) => file !== undefined);
    return open.reduce((bytes, file) => bytes + file.row.size - file.verifiedBytes, 0);
  }

  private resumable({ key, fileId, size }: StagingRequest): StagingRow | undefined {
    const row = this.table.get(key);
    return row?.state === 'writing' && row.fileId === fileId && row.size === size ? row : undefined;
  }

  private async trustedBlocks(row: StagingRow, handle: FileHandle, stats: Stats): Promise<BlockMap> {
    const map = BlockMap.from(row.blocks, blockCountOf(row.size));
    const isUntouched = isSameFile(identityOf(stats), this.closed.get(row.key) ?? NO_IDENTITY);
    return isUntouched ? map : recheckBlocks(this.pool, row, handle, map);
  }

  private removeOrphans(): Promise<void> {
    const isOpen = (part: string) => [...this.files.keys()].some((key) => partName(key) === part);
    return removeOrphans(this.folder, this.table, isOpen);
  }
}

async function checkContent({ fileId, size, hashes }: StagingRequest): Promise<void> {
  const isComplete = hashes.length === blockCountOf(size) * HASH_BYTES;
  if (!isComplete || (await fileIdOf(hashes)) !== fileId) {
    throw new FileStoreError('HASH_MISMATCH', 'The block hashes do not make up the file id');
  }
}

function partName(key: string): string {
  return `${createHash('sha256').update(key).digest('hex')}.part`;
}

function toRow(request: StagingRequest, path: string, part: string, inode: number, map: BlockMap): StagingRow {
  const { key, fileId, size, mediaType } = request;
  const modifiedAt = Date.parse(request.modifiedAt);
  return {
    key,
    part,
    fileId,
    size,
    path,
    modifiedAt: Number.isFinite(modifiedAt) ? modifiedAt : Date.now(),
    mediaType,
    hashes: request.hashes.slice(),
    blocks: map.bytes.slice(),
    state: 'writing',
    finalPath: null,
    inode,
    entryId: null,
    onConflict: request.onConflict ?? 'keep-both',
  };
}
