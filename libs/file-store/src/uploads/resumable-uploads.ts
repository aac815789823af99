import type { Database } from '../database/database';
import { FreeSpace } from '../disk/free-space';
import { type Root, STAGING_FOLDER } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import { FileStoreError, asStoreError } from '../file-store-error';
import { MAX_UNFINISHED_UPLOADS, ORPHANED_UPLOAD_MS, UPLOAD_EXPIRY_CHECK_MS, UPLOAD_RETENTION_MS } from '../limits';
import { type AcceptLimits, acceptIncoming, checkSize } from '../names/accept';
import type { Publishing } from '../publishing/publishing';
import { type ExpectedDigest, appendStream } from './append-stream';
import { type ResumableRequest, type ResumableUpload, isComplete, toUpload } from './resumable-upload';
import { UploadParts } from './upload-parts';
import { type FinishedUpload, UploadPublisher } from './upload-publisher';
import { UPLOAD_MIGRATIONS, type UploadRow, UploadTable } from './upload-table';

export interface ResumableUploadsOptions {
  readonly database: Database;
  readonly index: EntryIndex;
  /** The share; its owner closes it after this. */
  readonly root: Root;
  readonly publishing: Publishing;
  /** Read for each upload. */
  readonly limits: () => AcceptLimits;
  /** Called after something new came into the list. */
  readonly onPublished: () => void;
}

/**
 * Files that come into the share in pieces, over days and restarts. Each grows in the staging folder of the share; its row says
 * how much of it is safe on the disk. One call at a time may write to an upload: the caller sees to that.
 */
export class ResumableUploads {
  private readonly table: UploadTable;
  private readonly publisher: UploadPublisher;
  private readonly writing = new Map<string, Promise<number>>();
  private readonly finishing = new Map<string, Promise<FinishedUpload>>();
  private readonly space = new FreeSpace(() => this.parts.base);
  private readonly end = new AbortController();
  private readonly timer = setInterval(() => void this.removeExpired().catch(nothing), UPLOAD_EXPIRY_CHECK_MS).unref();

  private constructor(
    private readonly options: ResumableUploadsOptions,
    private readonly parts: UploadParts,
  ) {
    this.table = new UploadTable(options.database);
    this.publisher = new UploadPublisher(options, parts, this.table);
  }

  /** Settles what a crash interrupted; whole files that were not published yet are published soon after. */
  static async start(options: ResumableUploadsOptions): Promise<ResumableUploads> {
    options.database.migrate('uploads', UPLOAD_MIGRATIONS);
    const parts = new UploadParts(await options.root.openOwnFolder(STAGING_FOLDER));
    const uploads = new ResumableUploads(options, parts);
    const unfinished = uploads.table.unfinished(options.root.path);
    for (const row of unfinished) if (row.state === 'publishing') await uploads.publisher.recover(row);
    await parts.removeOrphans((id, modifiedMs) => uploads.isOrphan(id, modifiedMs));
    await uploads.removeExpired();
    void uploads.finishAll(unfinished.filter(isComplete).map(({ id }) => id));
    return uploads;
  }

  /**
   * Begins an upload. Name policy, extension filter, size limit and free space are checked before it exists.
   * @throws FileStoreError UNSAFE_NAME, EXTENSION_NOT_ALLOWED, TOO_LARGE, NO_SPACE, TOO_MANY, IO.
   */
  async create(request: ResumableRequest): Promise<void> {
    const { id } = request;
    const path = acceptIncoming({ path: request.path, size: request.size ?? 0 }, this.options.limits());
    await this.space.check(request.size ?? 0);
    try {
      await this.parts.create(id);
      await this.options.database.batch(() => this.insert(path, request));
    } catch (error) {
      await this.parts.remove(id);
      throw asStoreError(error, 'beginning an upload');
    }
  }

  /**
   * Where the upload is now. One that is whole but not published, because the node was ended in between, is published first.
   * @throws FileStoreError NOT_FOUND; those of `finish`.
   */
  async find(id: string): Promise<ResumableUpload> {
    const row = await this.require(id);
    return toUpload(row, isComplete(row) ? await this.finish(id) : undefined);
  }

  /** Says how large the upload will be. @throws FileStoreError NOT_FOUND, TOO_LARGE, NO_SPACE */
  async setSize(id: string, size: number): Promise<void> {
    const row = await this.require(id);
    checkSize(size, this.options.limits());
    await this.space.check(size - row.syncedBytes);
    await this.options.database.batch(() => this.table.setSize(id, size));
  }

  /**
   * Adds bytes at `offset`, which must be where the upload is. Whatever happens, what `find` tells afterwards is on the disk.
   * @param source ends by itself when `ending` aborts. Its chunks belong to this: their memory is freed.
   * @returns the new offset.
   * @throws FileStoreError NOT_FOUND, CHANGED when the upload is elsewhere or written to by another call, TOO_LARGE,
   * HASH_MISMATCH (nothing of `source` counts), NO_SPACE, IO; what `source` failed with (what came before counts).
   */
  async append(
    id: string,
    offset: number,
    source: AsyncIterable<Uint8Array>,
    expected?: ExpectedDigest,
  ): Promise<number> {
    const row = await this.require(id);
    if (row.syncedBytes !== offset || this.writing.has(id)) {
      throw new FileStoreError('CHANGED', `The upload goes on at byte ${row.syncedBytes}`);
    }
    if (isComplete(row)) return offset;
    const writing = this.write(row, source, expected).finally(() => this.writing.delete(id));
    this.writing.set(id, writing);
    return writing;
  }

  /**
   * Publishes an upload that is whole; once, however often it is asked for.
   * @throws FileStoreError NOT_FOUND, NOT_READY while bytes are missing, HASH_MISMATCH (the upload is gone then), UNSAFE_NAME,
   * NO_SPACE, IO (the upload stays and can be finished later).
   */
  async finish(id: string): Promise<FinishedUpload> {
    const row = await this.require(id);
    const underWay = this.finishing.get(id); // until its staged name is gone, too
    if (underWay) return underWay;
    if (row.state === 'published') return this.publisher.describe(row);
    if (!isComplete(row)) throw new FileStoreError('NOT_READY', 'Bytes of the upload are missing');
    const publishing = this.publish(row);
    this.finishing.set(id, publishing);
    return publishing;
  }

  /** Forgets an upload and deletes its bytes. @throws FileStoreError NOT_FOUND, also when it is published: then there is no upload to call off. */
  async remove(id: string): Promise<void> {
    await this.finishing.get(id)?.catch(nothing); // told to who asked for it
    const { state } = await this.require(id);
    if (state === 'published') throw new FileStoreError('NOT_FOUND', 'The upload is finished and its file published');
    await this.discard(id);
  }

  /** Deletes uploads to which nothing came for `UPLOAD_RETENTION_MS`. @param now milliseconds. */
  async removeExpired(now = Date.now()): Promise<void> {
    const old = this.table.touchedBefore(now - UPLOAD_RETENTION_MS);
    const idle = old.filter(({ id }) => !this.writing.has(id) && !this.finishing.has(id));
    for (const { id } of idle) await this.discard(id);
  }

  /** Aborts when this closes: sources of `append` must end then, and what came of them is kept. */
  get ending(): AbortSignal {
    return this.end.signal;
  }

  /** Resolves when nothing is written or published any more. */
  async close(): Promise<void> {
    this.end.abort();
    clearInterval(this.timer);
    await Promise.allSettled([...this.writing.values(), ...this.finishing.values()]);
    await this.parts.close();
  }

  /** A published one may have died before it removed its file; another one before it was noted. */
  private isOrphan(id: string, modifiedMs: number): boolean {
    const row = this.table.get(id);
    return row ? row.state === 'published' : modifiedMs < Date.now() - ORPHANED_UPLOAD_MS;
  }

  private insert(path: string, { id, size, onConflict, sha256, metadata }: ResumableRequest): void {
    if (this.table.countUnfinished() >= MAX_UNFINISHED_UPLOADS) {
      throw new FileStoreError('TOO_MANY', `There are ${MAX_UNFINISHED_UPLOADS} unfinished uploads already`);
    }
    this.table.insert({
      ...{ id, path, onConflict, metadata },
      root: this.options.root.path,
      size: size ?? null,
      sha256: sha256 ?? null,
      touchedAt: Date.now(),
    });
  }

  /** The row as the disk bears it out: a staged file that is shorter than noted, or gone, counts. */
  private async require(id: string): Promise<UploadRow> {
    const row = this.table.get(id);
    if (!row || row.root !== this.options.root.path) throw new FileStoreError('NOT_FOUND', 'No such upload');
    if (row.state !== 'writing' || this.writing.has(id) || this.finishing.has(id)) return row;
    const bytes = await this.parts.sizeOf(id);
    const now = this.table.get(id);
    if (now?.state !== 'writing' || bytes === undefined) {
      if (now && now.state !== 'writing') return now; // published while we looked
      if (now) await this.discard(id);
      throw new FileStoreError('NOT_FOUND', 'The bytes of the upload are gone');
    }
    if (bytes >= now.syncedBytes) return now;
    await this.options.database.batch(() => this.table.setSyncedBytes(id, bytes));
    return { ...now, syncedBytes: bytes };
  }

  private async write(
    { id, size, syncedBytes }: UploadRow,
    source: AsyncIterable<Uint8Array>,
    expected?: ExpectedDigest,
  ): Promise<number> {
    const handle = await this.parts.open(id);
    try {
      await handle.truncate(syncedBytes); // a crash may have left more than was counted
      return await appendStream(handle, syncedBytes, source, {
        maxBytes: size ?? this.options.limits().maxFileSize,
        ...(expected && { expected }),
        admit: (bytes) => this.space.take(bytes, () => (size ?? 0) - syncedBytes),
        commit: (bytes) => this.options.database.batch(() => this.table.setSyncedBytes(id, bytes)),
      });
    } finally {
      await handle.close();
    }
  }

  private async publish(row: UploadRow): Promise<FinishedUpload> {
    try {
      const finished = await this.publisher.publish(row);
      this.options.onPublished();
      return finished;
    } catch (error) {
      if (error instanceof FileStoreError && error.code === 'HASH_MISMATCH') await this.discard(row.id);
      throw error;
    } finally {
      this.finishing.delete(row.id);
    }
  }

  private async finishAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.finish(id).catch(nothing); // is tried again, and told, when the client asks
  }

  private async discard(id: string): Promise<void> {
    await this.options.database.batch(() => this.table.delete(id));
    await this.parts.remove(id);
  }
}

/** For what is tried again later. */
const nothing = (): void => undefined;
