import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { type FileEntry, HASH_BYTES, blockCountOf } from '@ferry/protocol';
import { fileIdOf } from '../content';
import type { Database } from '../database/database';
import type { Directory } from '../disk/directory';
import type { BusyPaths } from '../disk/busy-paths';
import { type FileIdentity, identityOf, isSameFile } from '../disk/file-identity';
import { checkFreeSpace } from '../disk/free-space';
import { removeFile } from '../disk/publish-file';
import { type Root, STAGING_FOLDER } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import { FileStoreError, asStoreError } from '../file-store-error';
import { ORPHANED_STAGING_MS } from '../limits';
import { safePath } from '../names/accept';
import type { WorkerPool } from '../workers/worker-pool';
import { BlockMap } from './block-map';
import { Publisher } from './publisher';
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
}

const { O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
const NO_IDENTITY: FileIdentity = { size: -1, mtime: -1, inode: -1 };

/** Where received files grow, in a folder of ours on the file system of the received files. */
export class Staging implements StagedFileHost {
  readonly publisher: Publisher;
  private readonly table: StagingTable;
  private readonly files = new Map<string, StagedFile | undefined>();
  /** Files closed in this run and not touched since need no second look. */
  private readonly closed = new Map<string, FileIdentity>();

  private constructor(
    private readonly database: Database,
    private readonly index: EntryIndex,
    private readonly folder: Directory,
    root: Root,
    busy: BusyPaths,
    readonly pool: WorkerPool,
  ) {
    this.table = new StagingTable(database);
    this.publisher = new Publisher(root, folder, database, index, this.table, busy);
  }

  /** Opens the staging folder of the received files, finishing what a crash interrupted. */
  static async start(
    database: Database,
    index: EntryIndex,
    root: Root,
    busy: BusyPaths,
    pool: WorkerPool,
  ): Promise<Staging> {
    const folder = await root.openOwnFolder(STAGING_FOLDER);
    const staging = new Staging(database, index, folder, root, busy, pool);
    for (const row of staging.table.publishing()) await staging.publisher.recover(row);
    await staging.removeOrphans();
    return staging;
  }

  /**
   * Opens a file to be received, new or as an earlier run or call left it. Blocks of an earlier run are
   * hashed again before they count.
   * @throws FileStoreError HASH_MISMATCH when the hashes do not make up `fileId`, UNSAFE_NAME, NO_SPACE, IO.
   */
  async open(request: StagingRequest): Promise<StagedFile> {
    const { key } = request;
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
      handle = await open(this.folder.at(part), O_RDWR | O_CREAT | O_NOFOLLOW, 0o644);
      const stats = await handle.stat();
      const map = known ? await this.trustedBlocks(known, handle, stats) : new BlockMap(blockCountOf(request.size));
      await handle.truncate(request.size);
      const row = toRow(request, path, part, stats.ino, map);
      await this.database.batch(() => this.table.put(row));
      const file = new StagedFile(this, row, handle, map);
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

  /** The received file that `key` became, if it was published and is still there. */
  findPublished(key: string): FileEntry | undefined {
    const row = this.table.get(key);
    if (row?.state !== 'published' || row.entryId === null) return undefined;
    const entry = this.index.table.get(row.entryId);
    return entry?.trashedAt === null ? this.index.toEntry(entry) : undefined;
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
    const others = [...this.files.values()]
      .filter((file) => file !== undefined)
      .reduce((bytes, file) => bytes + file.row.size - file.verifiedBytes, 0);
    if (own > 0) await checkFreeSpace(this.folder.base, own + others);
  }

  /** Closes all open files, keeping what is staged. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.files.values()].map((file) => file?.close()));
    await this.folder.close();
  }

  /** @internal */
  async commitBlocks(key: string, map: BlockMap): Promise<void> {
    await this.database.batch(() => this.table.setBlocks(key, map.bytes));
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
    await this.database.batch(() => this.table.delete(row.key));
    await removeFile(this.folder.at(row.part));
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

  private async removeOrphans(): Promise<void> {
    const oldest = Date.now() - ORPHANED_STAGING_MS;
    this.table.deletePublishedBefore(oldest);
    for (const part of await readdir(this.folder.base)) {
      const state = this.table.stateOfPart(part);
      const isOrphan = state === undefined && (await lstat(this.folder.at(part))).mtimeMs < oldest;
      if (isOrphan || state === 'published') await removeFile(this.folder.at(part));
    }
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
  };
}
