import type { EntryCatalogue } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';

/**
 * What a folder of this device stands for in an offer, page by page: the files below it, and at the end the folders in which
 * nothing lies (the folder itself, when it is such). Holds no more than the folders.
 * @throws FileStoreError NOT_FOUND
 */
export async function* expandFolder(
  catalogue: Pick<EntryCatalogue, 'below'>,
  folder: FileEntry,
): AsyncGenerator<readonly FileEntry[]> {
  const empty = new Map([[folder.path, folder]]);
  for await (const page of catalogue.below(folder.id)) {
    const here = page.filter(({ state }) => state !== 'missing');
    for (const entry of here) {
      empty.delete(entry.path.slice(0, entry.path.lastIndexOf('/')));
      if (entry.kind === 'folder') empty.set(entry.path, entry); // in the order of the paths it comes before what lies in it
    }
    yield here.filter(({ kind }) => kind === 'file');
  }
  yield [...empty.values()];
}
