import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { type Readable, addAbortSignal } from 'node:stream';
import type { Directory } from '../disk/directory';
import { type FileIdentity, identityOf } from '../disk/file-identity';
import { publishFile, removeFile } from '../disk/publish-file';
import { type Root, STAGING_FOLDER } from '../disk/root';
import { asStoreError } from '../file-store-error';
import { ORPHANED_UPLOAD_MS } from '../limits';
import { type AcceptLimits, acceptIncoming, checkSize } from '../names/accept';

/** What an upload is to be called. */
export interface UploadTarget {
  readonly name: string;
  /**
   * Where in the share: the whole relative path with the name, or, ending in `/`, only the folder. Read at the start and again
   * when the bytes have ended: a form may tell it only after the file.
   */
  readonly path?: string;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const PART_PREFIX = 'upload-';

/** Takes streams of bytes into the share. */
export class Uploads {
  private constructor(
    private readonly root: Root,
    private readonly folder: Directory,
  ) {}

  /** Opens the staging folder of the share and removes what processes that died left there. */
  static async start(root: Root): Promise<Uploads> {
    const uploads = new Uploads(root, await root.openOwnFolder(STAGING_FOLDER));
    await uploads.removeOrphans();
    return uploads;
  }

  /**
   * Writes the stream to a staged file, syncs it and gives it its final name, never over another file.
   * On any failure nothing is left behind and `source` is destroyed.
   * @returns where it is now.
   * @throws FileStoreError UNSAFE_NAME, EXTENSION_NOT_ALLOWED, TOO_LARGE, NO_SPACE, IO; AbortError; what `source` failed with.
   */
  async add(
    source: Readable,
    target: UploadTarget,
    limits: AcceptLimits,
    signal?: AbortSignal,
  ): Promise<{ path: string; identity: FileIdentity }> {
    source.on('error', () => undefined); // it may break before it is read; reading throws it then
    if (signal) addAbortSignal(signal, source);
    const part = this.folder.at(`${PART_PREFIX}${randomUUID()}.part`);
    let handle: FileHandle | undefined;
    try {
      acceptIncoming({ path: targetPath(target), size: 0 }, limits);
      handle = await open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
      await receive(source, handle, limits);
      await sync(handle);
      signal?.throwIfAborted();
      const safe = acceptIncoming({ path: targetPath(target), size: 0 }, limits);
      const published = await publishFile(this.root, part, safe);
      return { path: published, identity: identityOf(await handle.stat()) };
    } finally {
      source.destroy();
      await handle?.close();
      await removeFile(part);
    }
  }

  async close(): Promise<void> {
    await this.folder.close();
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

async function receive(source: Readable, handle: FileHandle, limits: AcceptLimits): Promise<void> {
  let size = 0;
  for await (const chunk of source as AsyncIterable<Uint8Array | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    checkSize(size + bytes.length, limits);
    await writeAll(handle, bytes, size);
    size += bytes.length;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  try {
    for (let written = 0; written < bytes.length;) {
      const at = position + written;
      written += (await handle.write(bytes, written, bytes.length - written, at)).bytesWritten;
    }
  } catch (error) {
    throw asStoreError(error, 'writing an upload');
  }
}

async function sync(handle: FileHandle): Promise<void> {
  await handle.sync().catch((error: unknown) => {
    throw asStoreError(error, 'syncing an upload');
  });
}
