import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that looks like the built UI. */
export async function makeWebDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-web-'));
  const files = {
    'index.html': '<title>Ferry</title>',
    'main-ABCD1234.js': 'export {};',
    'chunk-2o_Bbya8.js': 'export {};',
    'theme-switcher.js': '0;',
    'favicon.ico': 'icon',
    '.env': 'secret',
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}
