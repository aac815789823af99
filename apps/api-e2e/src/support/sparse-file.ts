import { open } from 'node:fs/promises';

const ZEROS = Buffer.alloc(1024 * 1024);

/** Saves a stream, leaving holes where it has only zeros. @returns its length. */
export async function saveSparse(stream: AsyncIterable<Uint8Array>, path: string): Promise<number> {
  const file = await open(path, 'w');
  let length = 0;
  try {
    for await (const part of stream) {
      const isHole = part.length <= ZEROS.length && ZEROS.compare(part, 0, part.length, 0, part.length) === 0;
      if (!isHole) await file.write(part, 0, part.length, length);
      length += part.length;
    }
    await file.truncate(length);
    return length;
  } finally {
    await file.close();
  }
}
