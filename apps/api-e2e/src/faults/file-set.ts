import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NodeProcess, sha256sum, untilEntry, writeRandomFile } from '@ferry/test-nodes';

export interface SetFile {
  readonly path: string;
  readonly size: number;
  readonly entryId: string;
  readonly sha256: string;
}

/** Files of one transfer: new content each, so that nothing on the receiver's disk can stand in for them. */
export interface FileSet {
  readonly folder: string;
  readonly files: readonly SetFile[];
  readonly bytes: number;
}

/** Nothing, a little, and some blocks of which the last is short. */
export const THREE_SIZES: Readonly<Record<string, number>> = {
  'empty.bin': 0,
  'small.bin': 10_000,
  'big.bin': 3 * 1_048_576 + 12_345,
};

const KEPT = 2;

/** Makes sets of files in a node's share, and takes the old ones out of it. */
export class FileSets {
  private count = 0;
  private readonly kept: string[] = [];

  constructor(
    private readonly owner: NodeProcess,
    private readonly receivedDir: string,
  ) {}

  /** A new set, hashed by its owner. */
  async next(sizes = THREE_SIZES): Promise<FileSet> {
    this.count += 1;
    const folder = `set-${String(this.count).padStart(4, '0')}`;
    const below = join(this.owner.folders.shared, folder);
    await mkdir(below);
    for (const [name, size] of Object.entries(sizes)) {
      if (size === 0) await writeFile(join(below, name), '');
      else await writeRandomFile(join(below, name), size);
    }
    const names = Object.keys(sizes);
    const files = await Promise.all(names.map((name) => this.described(`${folder}/${name}`, sizes[name] as number)));
    await this.forget(folder);
    return { folder, files, bytes: files.reduce((sum, { size }) => sum + size, 0) };
  }

  /** Where the owner has it. */
  sourceOf({ path }: SetFile): string {
    return join(this.owner.folders.shared, path);
  }

  private async described(path: string, size: number): Promise<SetFile> {
    const { id } = await untilEntry(this.owner.api, path, (entry) => entry.state === 'ready' && entry.size === size);
    return { path, size, entryId: id, sha256: await sha256sum(join(this.owner.folders.shared, path)) };
  }

  /** Old sets go on both sides, so that lists stay short. */
  private async forget(folder: string): Promise<void> {
    this.kept.push(folder);
    while (this.kept.length > KEPT) {
      const old = this.kept.shift() as string;
      for (const root of [this.owner.folders.shared, this.receivedDir]) {
        await rm(join(root, old), { recursive: true, force: true });
      }
    }
  }
}
