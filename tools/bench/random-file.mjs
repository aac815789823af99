import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

const MIB = 1024 * 1024;

/** Random, so that no block is known from an earlier run and nothing can be compressed. */
export function writeRandomFile(file, mib) {
  const block = Buffer.alloc(MIB);
  const fd = openSync(file, 'w');
  for (let i = 0; i < mib; i++) writeSync(fd, randomFillSync(block));
  closeSync(fd);
}
