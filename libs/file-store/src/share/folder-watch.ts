import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { WATCH_DEBOUNCE_MS } from '../limits';
import type { SkipListener } from './walk';

/** Elsewhere the system watches a whole tree with one handle. */
const watchesTrees = process.platform !== 'linux';

/** Elsewhere than on Windows a backslash is a letter like any other. */
const withSlashes = (path: string) => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);

/**
 * Tells which paths below a root changed, collected over a short time. It watches folders only (one
 * handle each), so a folder of 100,000 files costs as much as an empty one.
 */
export class FolderWatch {
  private readonly watchers = new Map<string, FSWatcher>();
  private changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly rootPath: string,
    private readonly onChanged: (paths: readonly string[]) => void,
    private readonly onSkip: SkipListener,
  ) {}

  /** Watches the files directly in `folder` (relative to the root) from now on; again is harmless. */
  add(folder: string): void {
    if (this.watchers.has(folder) || (watchesTrees && folder !== '')) return;
    try {
      const options = { persistent: false, recursive: watchesTrees };
      const watcher = watch(join(this.rootPath, folder), options, (_, name) =>
        this.note(folder, name === null ? '' : withSlashes(name)),
      );
      watcher.on('error', () => this.drop(folder));
      this.watchers.set(folder, watcher);
    } catch (error) {
      this.onSkip(folder, `not watched: ${error instanceof Error ? error.message.split(',')[0] : ''}`);
    }
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  private note(folder: string, name: string): void {
    const path = [folder, name].filter((part) => part !== '').join('/');
    this.drop(path); // a folder that came, went or was replaced: scanning it watches it again
    this.changed.add(path);
    this.timer ??= setTimeout(() => this.tell(), WATCH_DEBOUNCE_MS).unref();
  }

  private tell(): void {
    this.timer = undefined;
    const paths = [...this.changed];
    this.changed = new Set();
    this.onChanged(paths);
  }

  private drop(folder: string): void {
    if (folder === '') return;
    for (const [path, watcher] of this.watchersBelow(folder)) {
      watcher.close();
      this.watchers.delete(path);
    }
  }

  private watchersBelow(folder: string): [string, FSWatcher][] {
    if (!this.watchers.has(folder)) return [];
    return [...this.watchers].filter(([path]) => path === folder || path.startsWith(`${folder}/`));
  }
}
