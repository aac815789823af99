import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { MEBIBYTE } from '@ferry/test-nodes';
import { type Defer, Unable } from '../scenario';
import { has, run } from './run';

export type FileSystem = 'ext4' | 'xfs';

/** A small journal, as small disks have: it wraps while the tests run. Everything else is the default. */
const MAKE: Readonly<Record<FileSystem, readonly string[]>> = {
  ext4: ['mkfs.ext4', '-q', '-F', '-J', 'size=4'],
  xfs: ['mkfs.xfs', '-q', '-f'],
};
const BYTES: Readonly<Record<FileSystem, number>> = { ext4: 256 * MEBIBYTE, xfs: 512 * MEBIBYTE };

/** A folder below the system's temporary one that is gone at the end. */
export async function temporaryFolder(defer: Defer, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `ferry-${name}-`));
  defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A file system of our own in a file, mounted by a loop device. */
export class Disk {
  private mountedAt?: string;

  private constructor(
    /** The file that stands for the device. */
    readonly image: string,
    readonly fileSystem: FileSystem,
  ) {}

  /** @throws Unable when this machine cannot make or mount one. */
  static async create(defer: Defer, image: string, fileSystem: FileSystem, bytes = BYTES[fileSystem]): Promise<Disk> {
    const [make = '', ...options] = MAKE[fileSystem];
    if (process.getuid?.() !== 0) throw new Unable('mounting needs root');
    if (!(await has(make))) throw new Unable(`there is no ${make}`);
    const file = await open(image, 'w');
    await file.truncate(bytes);
    await file.close();
    await run(make, ...options, image);
    return Disk.of(defer, image, fileSystem);
  }

  /** A disk whose image is there. It is unmounted at the end. */
  static of(defer: Defer, image: string, fileSystem: FileSystem): Disk {
    const disk = new Disk(image, fileSystem);
    defer(() => disk.unmount());
    return disk;
  }

  /** @throws Unable when the kernel or its owner does not let us. */
  async mount(at: string, options = 'rw'): Promise<void> {
    await mkdir(at, { recursive: true });
    // A copy of a disk has the id of the disk, which XFS does not mount twice otherwise.
    const all = this.fileSystem === 'xfs' ? `loop,nouuid,${options}` : `loop,${options}`;
    await run('mount', '-t', this.fileSystem, '-o', all, this.image, at).catch((cause: unknown) => {
      throw new Unable(`${this.fileSystem} on a loop device cannot be mounted: ${String(cause).split('\n')[1] ?? ''}`);
    });
    this.mountedAt = at;
  }

  async unmount(): Promise<void> {
    if (this.mountedAt === undefined) return;
    await run('umount', this.mountedAt);
    this.mountedAt = undefined;
  }

  /** Name of the loop device, as in /dev and /sys. */
  async device(): Promise<string> {
    const source = await run('findmnt', '-n', '-o', 'SOURCE', '--mountpoint', this.mountedAt ?? '');
    return basename(source.trim());
  }

  /** The power fails: nothing that waits in memory reaches the device any more, not even the journal. */
  async cutPower(): Promise<void> {
    if (!(await has('xfs_io'))) throw new Unable('there is no xfs_io to cut off a file system with');
    await run('xfs_io', '-x', '-c', 'shutdown', this.mountedAt ?? '');
  }
}
