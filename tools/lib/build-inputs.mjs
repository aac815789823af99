import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** All that the two bundles are made from. */
const FOLDERS = ['apps/api', 'apps/web', 'libs'];
const FILES = ['nx.json', 'tsconfig.base.json', 'package.json', 'package-lock.json'];
const NOT_BUILT = /(\.spec\.ts|\.md|eslint\.config\.mjs|jest\.config\.cjs)$/;
const NOT_BUILT_FOLDERS = ['node_modules', 'test-vectors', 'testing'];

function* filesBelow(checkout, folder) {
  const entries = readdirSync(join(checkout, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!NOT_BUILT_FOLDERS.includes(entry.name)) yield* filesBelow(checkout, path);
    } else if (!NOT_BUILT.test(entry.name)) yield path;
  }
}

/**
 * A digest over names and contents, so it also notices a removed, renamed or restored file, and a checkout of another branch
 * and back costs no build.
 */
export function hashBuildInputs(checkout = root) {
  const hash = createHash('sha256').update(`${process.platform}\0`);
  for (const path of [...FOLDERS.flatMap((folder) => [...filesBelow(checkout, folder)]), ...FILES]) {
    const content = readFileSync(join(checkout, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
