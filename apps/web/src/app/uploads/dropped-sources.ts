import type { UploadSource } from './upload-source';

/**
 * The files of a drop or paste, folders read through. To be called while the event is handled: the browser empties the list after it.
 */
export async function droppedSources(data: DataTransfer): Promise<UploadSource[]> {
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = items.map((item) => item.getAsFile());
  const nested = entries.map((entry, index): Promise<UploadSource[]> => {
    if (entry?.isDirectory) return readEntry(entry);
    const file = plain[index];
    return Promise.resolve(file ? [{ file }] : []);
  });
  return (await Promise.all(nested)).flat();
}

async function readEntry(entry: FileSystemEntry): Promise<UploadSource[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, '') }];
  }
  if (!isDirectory(entry)) return [];
  const sources: UploadSource[] = [];
  for (const child of await readFolder(entry)) sources.push(...(await readEntry(child)));
  return sources;
}

/** A reader gives at most 100 entries a call, and none when it is through. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
