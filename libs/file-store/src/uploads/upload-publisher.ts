import type { FileHandle } from 'node:fs/promises';
import type { Database } from '../database/database';
import { type FileIdentity, identityOf } from '../disk/file-identity';
import { type Root, splitPath } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import { FileStoreError, asStoreError } from '../file-store-error';
import { asTaken } from '../publishing/in-the-way';
import type { Publishing } from '../publishing/publishing';
import { sha256OfFile } from './sha256-of-file';
import type { UploadParts } from './upload-parts';
import type { UploadRow, UploadTable } from './upload-table';

/** What became of an upload. */
export interface FinishedUpload {
  readonly entryId: string;
  /** Relative to the share. */
  readonly path: string;
  /** The name was taken and the rule was `skip`: the entry is the one that was there. */
  readonly isSkipped: boolean;
}

interface PublisherOptions {
  readonly database: Database;
  readonly index: EntryIndex;
  readonly root: Root;
  readonly publishing: Publishing;
}

/** The steps by which a whole upload becomes a file of the share, and their repair after a crash. */
export class UploadPublisher {
  constructor(
    private readonly options: PublisherOptions,
    private readonly parts: UploadParts,
    private readonly table: UploadTable,
  ) {}

  /**
   * Checks the digest, syncs, commits the final name, links, commits the entry, removes the staged name: whatever step is the
   * last before a crash, `recover` knows what happened.
   * @throws FileStoreError HASH_MISMATCH, UNSAFE_NAME, NO_SPACE, IO.
   */
  async publish(row: UploadRow): Promise<FinishedUpload> {
    const recovered = row.state === 'publishing' ? await this.recover(row) : undefined;
    if (recovered) return recovered;
    let handle: FileHandle | undefined;
    try {
      handle = await this.parts.open(row.id);
      await checkDigest(handle, row);
      await handle.sync();
      return await this.place(row, handle);
    } catch (error) {
      throw asStoreError(error, 'publishing an upload');
    } finally {
      await handle?.close();
    }
  }

  /** What was published under this row. */
  describe({ entryId, finalPath, isSkipped }: UploadRow): FinishedUpload {
    const entry = entryId === null ? undefined : this.options.index.table.get(entryId);
    return { entryId: entryId ?? '', path: entry?.path ?? finalPath ?? '', isSkipped };
  }

  /** Finishes what a crash interrupted: same inode under the final name = it was published. @returns nothing if it was not. */
  async recover(row: UploadRow): Promise<FinishedUpload | undefined> {
    const { database, root } = this.options;
    const stats = row.finalPath === null ? undefined : await root.stat(row.finalPath);
    if (row.finalPath === null || !stats?.isFile() || stats.ino !== row.inode || stats.size !== row.size) {
      await database.batch(() => this.table.setWriting(row.id));
      return undefined;
    }
    await root.within(splitPath(row.finalPath).folder, (directory) => directory.sync());
    return this.complete(row, row.finalPath, identityOf(stats));
  }

  private async place(row: UploadRow, handle: FileHandle): Promise<FinishedUpload> {
    const { database, publishing } = this.options;
    const { inode } = identityOf(await handle.stat());
    let isLinked = false;
    try {
      const result = await publishing.publish(this.parts.pathOf(row.id), row.path, {
        onConflict: row.onConflict,
        beforeLink: (path) => database.batch(() => this.table.setPublishing(row.id, path, inode)),
        afterLink: async (path) => {
          isLinked = true;
          return this.complete(row, path, identityOf(await handle.stat()));
        },
      });
      if ('published' in result) return result.published;
      const { id, path } = result.skipped;
      await database.batch(() => this.table.setPublished(row.id, path, id, true));
      await this.parts.remove(row.id);
      return { entryId: id, path, isSkipped: true };
    } catch (error) {
      // What has its name already is found by `recover`; as `writing` it would be published once more.
      if (!isLinked) await database.batch(() => this.table.setWriting(row.id));
      throw asTaken(error);
    }
  }

  private async complete(row: UploadRow, path: string, identity: FileIdentity): Promise<FinishedUpload> {
    const { database, index } = this.options;
    const entry = await database.batch(() => {
      const written = index.observe('shared', path, identity);
      this.table.setPublished(row.id, path, written.id, false);
      return written;
    });
    await this.parts.remove(row.id);
    return { entryId: entry.id, path, isSkipped: false };
  }
}

async function checkDigest(handle: FileHandle, { sha256 }: UploadRow): Promise<void> {
  if (sha256 === null) return;
  const found = await sha256OfFile(handle);
  if (found === sha256) return;
  throw new FileStoreError('HASH_MISMATCH', `The file has the SHA-256 ${found}, not the one it was announced with`);
}
