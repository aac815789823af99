import { asMoveError } from '../disk/move-error';
import type { Root } from '../disk/root';
import { FileStoreError } from '../file-store-error';

/**
 * Makes a folder and those above it that are missing, durably. That it is there already is fine.
 * @param path relative, safe.
 * @throws FileStoreError NAME_TAKEN when a file has a name on the way, NO_SPACE, FOLDER_UNUSABLE, IO.
 */
export async function makeFolder(root: Root, path: string): Promise<void> {
  try {
    await root.within(path, async () => undefined, { create: true });
  } catch (error) {
    if (error instanceof FileStoreError && error.code === 'UNSAFE_NAME') {
      throw new FileStoreError('NAME_TAKEN', error.message, { cause: error });
    }
    throw asMoveError(error, 'making a folder');
  }
}
