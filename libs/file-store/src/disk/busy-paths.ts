/** Relative paths whose file is being moved by us, so that a scan does not draw its own conclusions. */
export class BusyPaths {
  private readonly held = new Map<string, number>();

  has(path: string): boolean {
    return this.held.has(path);
  }

  /** @returns the function that lets go again; call it once. */
  hold(path: string): () => void {
    this.held.set(path, (this.held.get(path) ?? 0) + 1);
    return () => {
      const left = (this.held.get(path) ?? 1) - 1;
      if (left === 0) this.held.delete(path);
      else this.held.set(path, left);
    };
  }
}
