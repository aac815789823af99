import type { FileStoreError } from '../file-store-error';

/**
 * Relative paths at which we are changing something, so that a scan does not draw its own conclusions, and so that nobody puts a
 * file into a folder that is just being moved. A path that is held stands for everything below it, too; `''` for all.
 */
export class BusyPaths {
  private readonly held = new Map<string, number>();
  /** Paths that one has, or waits to have, for himself. */
  private readonly alone = new Set<string>();
  private waiting: (() => void)[] = [];
  private refusal: FileStoreError | undefined;

  /** Whether the path, or a folder above it, is held. */
  has(path: string): boolean {
    return this.held.size > 0 && fromTop(path).some((each) => this.held.has(each));
  }

  /** From now on nobody enters or has anything alone; who waits for it hears of it. */
  refuse(refusal: FileStoreError): void {
    this.refusal = refusal;
    this.wake();
  }

  /** @returns the function that lets go again; call it once. */
  hold(path: string): () => void {
    this.held.set(path, (this.held.get(path) ?? 0) + 1);
    return () => {
      const left = (this.held.get(path) ?? 1) - 1;
      if (left === 0) this.held.delete(path);
      else this.held.set(path, left);
      this.wake();
    };
  }

  /**
   * Waits until nobody has the path for himself, then holds it. Who has entered must not enter again before letting go.
   * @throws what `refuse` was given.
   */
  async enter(path: string): Promise<() => void> {
    while (this.mustWait(() => touches(this.alone, path))) await this.change();
    return this.hold(path);
  }

  /** Waits until nobody else holds these paths or anything above or below them, then holds them; meanwhile nobody can enter. @throws as `enter` */
  async holdAlone(...paths: readonly string[]): Promise<() => void> {
    while (this.mustWait(() => paths.some((path) => touches(this.alone, path)))) await this.change();
    for (const path of paths) this.alone.add(path);
    try {
      while (this.mustWait(() => paths.some((path) => touches(this.held.keys(), path)))) await this.change();
    } catch (error) {
      for (const path of paths) this.alone.delete(path);
      throw error;
    }
    const releases = paths.map((path) => this.hold(path));
    return () => {
      for (const path of paths) this.alone.delete(path);
      for (const release of releases) release();
    };
  }

  /** What follows on false must follow in the same turn. */
  private mustWait(isHeld: () => boolean): boolean {
    if (this.refusal) throw this.refusal;
    return isHeld();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Whether one of the paths is this one, or lies above or below it. */
function touches(paths: Iterable<string>, path: string): boolean {
  for (const each of paths) {
    if (each === path || isAbove(each, path) || isAbove(path, each)) return true;
  }
  return false;
}

function isAbove(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** `''`, `a`, `a/b` and `a/b/c` for `a/b/c`. */
function fromTop(path: string): string[] {
  const parts = path.split('/');
  return ['', ...parts.map((_, at) => parts.slice(0, at + 1).join('/'))];
}
