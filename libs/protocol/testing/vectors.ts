import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A vector file of `test-vectors/`. */
export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(join(__dirname, '..', 'test-vectors', name), 'utf8')) as T;
}
