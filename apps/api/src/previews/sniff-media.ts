import { fileTypeFromBuffer } from 'file-type';
import type { EntryReader } from '@ferry/file-store';

/** Enough for every type that is shown; nothing is looked for further on, whatever the bytes promise. */
const HEAD_BYTES = 4_100;

/**
 * What a file is by its first bytes; its name counts for nothing.
 * @returns a media type, undefined for text and whatever is not known.
 * @throws FileStoreError CHANGED, IO
 */
export async function sniffMedia(reader: EntryReader): Promise<string | undefined> {
  const head = new Uint8Array(Math.min(HEAD_BYTES, reader.size));
  await reader.read(head, 0);
  return (await fileTypeFromBuffer(head))?.mime;
}
