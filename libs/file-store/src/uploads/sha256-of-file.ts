import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** Hashed in steps small enough that the event loop does not notice. */
const STEP_BYTES = 256 * 1024;

/** SHA-256 of an open file, lower-case hex. The handle stays open. */
export async function sha256OfFile(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(STEP_BYTES);
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, STEP_BYTES, position);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}
