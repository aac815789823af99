import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { type Readable, addAbortSignal } from 'node:stream';
import type { ConflictRule } from '@ferry/protocol';
import type { Database } from '../database/database';
import type { Directory } from '../disk/directory';
import { type FileIdentity, identityOf } from '../disk/file-identity';
import { FreeSpace } from '../disk/free-space';
import { removeFile } from '../disk/publish-file';
import { type Root, STAGING_FOLDER } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import { ORPHANED_UPLOAD_MS } from '../limits';
import { type AcceptLimits, acceptIncoming } from '../names/accept';
import { asTaken } from '../publishing/in-the-way';
import { statIn } from '../publishing/name-claims';
import type { Published, Publishing } from '../publishing/publishing';
import { appendStream } from './append-stream';
import { Replacements } from './replacements';

/** What an upload is to be called. */
export interface UploadTarget {
  readonly name: string;
  /**
   * Where in the share: the whole relative path with the name, or, ending in `/`, only the folder. Read at the start and again
   * when the bytes have ended: a form may tell it only after the file.
   */
  readonly path?: string;
  /** When the name is taken; default `keep-both`. Read when the bytes have ended. */
  readonly onConflict?: ConflictRule;
  /** Bytes that the upload has at most, if that is known: so much must be free at the start. */
  readonly maxBytes?: number;
}

export interface UploadsOptions {
  readonly database: Database;
  readonly index: EntryIndex;
  /** The share; its owner closes it after this. */
  readonly root: Root;
  readonly publishing: Publishing;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const PART_PREFIX = 'upload-';

/** Takes streams of bytes into the share. */
export class Uploads {
  private readonly space = new FreeSpace(() => this.folder.base);
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly replacements: Replacements;

  private constructor(
    private readonly options: UploadsOptions,
    private readonly folder: Directory,
  ) {
    this.replacements = new Replacements(options.database, options.root);
  }

  /** Opens the staging folder of the share, finishes replacements that a crash cut short, and removes what else processes that died left there. */
  static async start(options: UploadsOptions): Promise<Uploads> {
    const uploads = new Uploads(options, await options.root.openOwnFolder(STAGING_FOLDER));
    for (const { part, path } of await uploads.replacements.unfinished(uploads.folder))
      await uploads.replace(part, path);
    await uploads.removeOrphans();
    return uploads;
  }

  /**
   * Writes the stream to a staged file, syncs it, gives it its final name, never over another file, and lists it.
   * On any failure nothing is left behind and `source` is destroyed. Its chunks belong to this: their memory is freed.
   * @returns its entry; or, by the rule `skip`, that of what has its name.
   * @throws FileStoreError UNSAFE_NAME, EXTENSION_NOT_ALLOWED, TOO_LARGE, NO_SPACE, IO; AbortError; what `source` failed with.
   */
  add(
    source: Readable,
    target: UploadTarget,
    limits: AcceptLimits,
    signal?: AbortSignal,
  ): Promise<Published<EntryRow>> {
    const adding = this.receive(source, target, limits, signal).finally(() => this.underWay.delete(adding));
    this.underWay.add(adding);
    return adding;
  }

  /** Resolves when those that are under way have ended, and left nothing behind. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  async close(): Promise<void> {
    await this.folder.close();
  }

  private async receive(
    source: Readable,
    target: UploadTarget,
    limits: AcceptLimits,
    signal?: AbortSignal,
  ): Promise<Published<EntryRow>> {
    source.on('error', () => undefined); // it may break before it is read; reading throws it then
    if (signal) addAbortSignal(signal, source);
    const name = `${PART_PREFIX}${randomUUID()}.part`;
    const part = this.folder.at(name);
    let handle: FileHandle | undefined;
    try {
      acceptIncoming({ path: targetPath(target), size: 0 }, limits);
      await this.space.check(target.maxBytes ?? 0);
      handle = await open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
      await appendStream(handle, 0, source as AsyncIterable<Uint8Array>, {
        maxBytes: limits.maxFileSize,
        admit: (bytes) => this.space.take(bytes, () => bytes),
      });
      signal?.throwIfAborted();
      const safe = acceptIncoming({ path: targetPath(target), size: 0 }, limits);
      return await this.publish(name, safe, target.onConflict ?? 'keep-both', identityOf(await handle.stat()));
    } finally {
      source.destroy();
      await handle?.close();
      await removeFile(part);
    }
  }

  /** What a crash leaves linked and not listed is found by the scan; only a replacement has moved something away before. */
  private async publish(
    part: string,
    path: string,
    onConflict: ConflictRule,
    identity: FileIdentity,
  ): Promise<Published<EntryRow>> {
    const { database, index, publishing } = this.options;
    try {
      return await publishing.publish(this.folder.at(part), path, {
        onConflict,
        beforeLink: async (found) => {
          if (onConflict === 'replace') await this.replacements.begin(part, found, identity);
        },
        afterLink: (found) =>
          database.batch(() => {
            if (onConflict === 'replace') this.replacements.end(part);
            return index.observe('shared', found, identity);
          }),
      });
    } catch (error) {
      if (onConflict === 'replace') await database.batch(() => this.replacements.end(part));
      throw asTaken(error);
    }
  }

  /** Publishes what was left when the old file may be in the trash already. */
  private async replace(part: string, path: string): Promise<void> {
    const stats = await statIn(this.folder, part);
    if (!stats) return;
    await this.publish(part, path, 'replace', identityOf(stats)).catch(() => undefined); // the old file can be restored
    await removeFile(this.folder.at(part));
  }

  private async removeOrphans(): Promise<void> {
    for (const name of await readdir(this.folder.base)) {
      if (!name.startsWith(PART_PREFIX)) continue;
      const { mtimeMs } = await lstat(this.folder.at(name));
      if (mtimeMs < Date.now() - ORPHANED_UPLOAD_MS) await removeFile(this.folder.at(name));
    }
  }
}

function targetPath({ name, path }: UploadTarget): string {
  if (path === undefined || path === '') return name;
  return path.endsWith('/') ? path + name : path;
}
