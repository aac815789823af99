import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SUFFIX = '.webp';
const OWNER_ONLY = { folder: 0o700, file: 0o600 };

/** Thumbnails on disk, by key. Bounded in bytes: the longest unused go first. What is lost or damaged is made again. */
export class ThumbnailCache {
  /** Bytes of each, the longest unused first. */
  private readonly sizes = new Map<string, number>();
  private bytes = 0;
  private opened: Promise<void> | undefined;

  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {}

  /** @param key letters, digits and `-` only. @returns undefined for what is not there, or not whole. */
  async get(key: string): Promise<Uint8Array | undefined> {
    await this.open();
    if (!this.sizes.has(key)) return undefined;
    try {
      const image = await readFile(this.at(key));
      if (!isWholeWebp(image)) return await this.drop(key);
      this.note(key, image.length);
      const now = new Date();
      await utimes(this.at(key), now, now); // the order of use, for the next start
      return image;
    } catch {
      return this.drop(key); // somebody cleared the folder
    }
  }

  /** A full disk or a folder that cannot be written costs the cache, not the thumbnail. */
  async put(key: string, image: Uint8Array): Promise<void> {
    await this.open();
    const draft = join(this.folder, `${randomUUID()}.new`);
    try {
      await writeFile(draft, image, { mode: OWNER_ONLY.file, flag: 'wx' });
      await rename(draft, this.at(key));
      this.note(key, image.length);
    } catch {
      await rm(draft, { force: true }).catch(() => undefined);
    }
    for (const oldest of this.sizes.keys()) {
      if (this.bytes <= this.maxBytes) break;
      await this.drop(oldest);
    }
  }

  private open(): Promise<void> {
    return (this.opened ??= this.list());
  }

  private async list(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: OWNER_ONLY.folder }).catch(() => undefined);
    const names = await readdir(this.folder).catch(() => []);
    const found: { name: string; size: number; usedAt: number }[] = [];
    for (const name of names) {
      if (!name.endsWith(SUFFIX)) await rm(join(this.folder, name), { force: true }).catch(() => undefined);
      const stats = await stat(join(this.folder, name)).catch(() => undefined);
      if (stats?.isFile()) found.push({ name, size: stats.size, usedAt: stats.mtimeMs });
    }
    found.sort((a, b) => a.usedAt - b.usedAt);
    for (const { name, size } of found) this.note(name.slice(0, -SUFFIX.length), size);
  }

  private note(key: string, size: number): void {
    this.bytes += size - (this.sizes.get(key) ?? 0);
    this.sizes.delete(key);
    this.sizes.set(key, size);
  }

  private async drop(key: string): Promise<undefined> {
    this.bytes -= this.sizes.get(key) ?? 0;
    this.sizes.delete(key);
    await rm(this.at(key), { force: true }).catch(() => undefined);
  }

  private at(key: string): string {
    return join(this.folder, `${key}${SUFFIX}`);
  }
}

/** A power cut can leave a file short, or full of zeros. Source: RFC 9649 section 2.4. */
function isWholeWebp(image: Buffer): boolean {
  return image.length > 12 && image.toString('latin1', 0, 4) === 'RIFF' && image.readUInt32LE(4) + 8 === image.length;
}
