import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { visibleName } from '@ferry/file-store';

const TAG_CHARS = 8;

/**
 * A path from the share as a zip may hold it: relative, `/`-separated, and nowhere a way out of the folder that it is unpacked
 * in, on any system. A name that had to be changed carries a mark made from the real one, so that two never become one.
 * @param path relative, no `.` or `..` in it.
 */
export function zipPath(path: string): string {
  return path.split('/').map(zipName).join('/');
}

/** One component of a path, its characters mapped as those of names from outside; `.hidden` and the like stay what they are. */
export function zipName(name: string): string {
  const visible = visibleName(name);
  if (visible === name && name !== '' && name !== '.' && name !== '..') return name;
  const tag = createHash('sha256').update(name).digest('hex').slice(0, TAG_CHARS);
  return withSuffix(visible.replace(/^\.*$/, '_'), ` (${tag})`);
}

/** Makes the names of a selection differ, also where capital letters and composed accents do not count. */
export class UniqueNames {
  private readonly taken = new Set<string>();

  /** @returns `name`, or `name (2)` and so on before its extension. */
  take(name: string): string {
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : withSuffix(name, ` (${number})`);
      const key = candidate.normalize('NFKC').toLowerCase();
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      return candidate;
    }
  }
}

function withSuffix(name: string, suffix: string): string {
  const { name: stem, ext } = posix.parse(name);
  return `${stem}${suffix}${ext}`;
}
