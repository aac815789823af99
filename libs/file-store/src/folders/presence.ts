import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileScope } from '@ferry/protocol';
import { Root, TRASH_FOLDER } from '../disk/root';
import { FileStoreError } from '../file-store-error';
import { assertWritable, locateFolder, privateFolder, unusable } from './usable-folder';

/** Our folders are in it: a place where a disk is mounted and now is not has none. @throws when it is not there. */
async function isOurs(path: string): Promise<boolean> {
  await stat(path);
  return stat(join(path, TRASH_FOLDER)).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/**
 * Whether a folder that was gone is there again, or one that somebody made in its place: that is on the same disk.
 * @param device of the folder when it went, if that was seen.
 * @throws when nothing is there.
 */
export async function isBack(path: string, device: number | undefined): Promise<boolean> {
  const { dev } = await stat(path);
  return dev === device || isOurs(path);
}

export interface StartOptions {
  readonly dirs: Readonly<Record<FileScope, string>>;
  /** Folders that are not made anew should they be gone: another disk may just not be there. */
  readonly mustExist: readonly FileScope[];
  /** Where an empty folder can stand in for one that is gone. */
  readonly standInDir: string | undefined;
  readonly privateDirs: readonly string[];
}

/** Opens a folder, making it if it may be missing. One that has to be there and is not, or must not be used any more, is stood in for. */
export async function openAtStart(
  scope: FileScope,
  { dirs, mustExist, standInDir, privateDirs }: StartOptions,
): Promise<{ root: Root; refusal?: FileStoreError }> {
  if (!mustExist.includes(scope) || standInDir === undefined) return { root: await Root.open(scope, dirs[scope]) };
  try {
    const path = await locateFolder(scope, dirs[scope], privateDirs.map(privateFolder));
    if (!(await isOurs(path))) throw unusable(scope, 'is not the one it was');
    const root = await Root.open(scope, path);
    await assertWritable(root).catch(async (error: unknown) => {
      await root.close();
      throw error;
    });
    return { root };
  } catch (error) {
    const refusal = error instanceof FileStoreError ? error : unusable(scope, 'is not there', error);
    return { root: await openStandIn(scope, standInDir), refusal };
  }
}

/** An empty folder of ours in the place of one that is gone. */
export async function openStandIn(scope: FileScope, standInDir: string): Promise<Root> {
  const standIn = join(standInDir, scope);
  await mkdir(standIn, { recursive: true });
  return Root.open(scope, standIn);
}
