import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../file-store-error';

/** In the data folder of any node: the private key of its device, and the database. */
const KEY_FILE = 'identity.key';
export const DATABASE_FILE = 'ferry.sqlite';

/** Why a folder is left out. */
export const DATA_FOLDER = 'data folder of a Ferry node';

/** Whether these are the names in a data folder. */
export function areOfDataFolder(names: readonly string[]): boolean {
  return names.includes(KEY_FILE) && names.includes(DATABASE_FILE);
}

/** Whether the folder is the data folder of a node, as far as one may look; mostly one system call. */
export async function isDataFolder(path: string): Promise<boolean> {
  return (await isThere(join(path, KEY_FILE))) && (await isThere(join(path, DATABASE_FILE)));
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) !== undefined) return false;
    throw error;
  }
}
