import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: every tool works there, wherever it was started from. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** @param {...string} parts below the checkout */
export const inRoot = (...parts) => join(root, ...parts);
