import type { Stats } from 'node:fs';
import { OWN_PREFIX } from '../disk/root';
import { MAX_PATH_COMPONENTS } from '../limits';
import { CONTROL } from '../names/path-rules';

/** Stands for bytes that are not valid UTF-8, unless it is itself in the name. */
export const REPLACEMENT_CHARACTER = '\uFFFD';

/** Why a file is not listed whose name cannot be told. */
export const NOT_UTF8 = 'the name is not valid UTF-8';

/** Why a file is not listed that no peer could store under its name. */
export const HOLDS_CONTROL = 'the name holds control characters';

/** Whether a name is one of our folders for what is unfinished or deleted. */
export function isOurs(name: string): boolean {
  return name.toLowerCase().startsWith(OWN_PREFIX);
}

/** Why a path is never listed, whatever lies there; `undefined` when it may be. */
export function skipReason(path: string): string | undefined {
  if (CONTROL.test(path)) return HOLDS_CONTROL;
  return path.split('/').length > MAX_PATH_COMPONENTS ? `deeper than ${MAX_PATH_COMPONENTS} folders` : undefined;
}

/** Why something that is neither a regular file nor a folder is not listed; `undefined` for these. */
export function kindReason(found: Stats): string | undefined {
  if (found.isFile() || found.isDirectory()) return undefined;
  if (found.isSymbolicLink()) return 'symbolic link';
  if (found.isFIFO()) return 'named pipe';
  if (found.isSocket()) return 'socket';
  return found.isBlockDevice() || found.isCharacterDevice() ? 'device' : 'not a regular file';
}

/** Why a file is not listed that this node may not open. */
export const UNREADABLE = 'may not be read: permission denied';

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
