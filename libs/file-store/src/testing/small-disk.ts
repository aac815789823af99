import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own of a few MiB, which can be filled. Needs Linux and root. */
export class SmallDisk {
  private constructor(private readonly folder: string) {}

  /** Mounts one at `folder`. @returns nothing, and says so, where that is not possible. */
  static mount(folder: string, mib: number): SmallDisk | undefined {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', folder], { stdio: 'pipe' });
      return new SmallDisk(folder);
    } catch (error) {
      console.warn(`skipped: no file system can be mounted here (${String(error)})`);
      return undefined;
    }
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Takes all room but `leave` bytes, at once, until `empty`. */
  fill(leave = 0): void {
    execFileSync('fallocate', ['-l', String(this.freeBytes - leave), this.filler]);
  }

  empty(): void {
    rmSync(this.filler, { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.folder]);
  }

  private get filler(): string {
    return join(this.folder, '.ferry-test-filler');
  }
}
