import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hashBuildInputs } from './build-inputs.mjs';

let checkout;
const write = (path, text) => {
  const file = join(checkout, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'ferry-inputs-'));
  for (const file of ['nx.json', 'tsconfig.base.json', 'package.json', 'package-lock.json']) write(file, '{}');
  for (const folder of ['apps/api/src', 'apps/web/src', 'libs/protocol/src']) write(`${folder}/main.ts`, 'export {};');
});
afterEach(() => rmSync(checkout, { recursive: true }));

describe('hashBuildInputs', () => {
  it.each([
    ['a changed source', () => write('libs/protocol/src/main.ts', 'export { };')],
    ['a new source', () => write('apps/api/src/new.ts', '')],
    ['a removed source', () => rmSync(join(checkout, 'apps/web/src/main.ts'))],
    [
      'a renamed source',
      () => renameSync(join(checkout, 'apps/web/src/main.ts'), join(checkout, 'apps/web/src/app.ts')),
    ],
    ['another dependency', () => write('package-lock.json', '{ }')],
  ])('differs after %s', (_, change) => {
    const before = hashBuildInputs(checkout);
    change();
    expect(hashBuildInputs(checkout)).not.toBe(before);
  });

  it.each(['apps/api/src/main.spec.ts', 'apps/api-e2e/src/start.e2e.ts', 'libs/protocol/README.md', 'docs/LIMITS.md'])(
    'stays after a change of %s, which is not built',
    (path) => {
      const before = hashBuildInputs(checkout);
      write(path, 'changed');
      expect(hashBuildInputs(checkout)).toBe(before);
    },
  );

  it('is the same for the same content in another checkout', () => {
    const before = hashBuildInputs(checkout);
    const moved = `${checkout}-moved`;
    renameSync(checkout, moved);
    checkout = moved;
    expect(hashBuildInputs(moved)).toBe(before);
  });
});
