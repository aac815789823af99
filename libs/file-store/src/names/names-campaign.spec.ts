import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import fc from 'fast-check';
import { FileStoreError } from '../file-store-error';
import { safePath } from './accept';
import { extensionOf } from './extension';
import hostile from './hostile-names.json';

/** How many times more than in `npm test` the campaign runs: `npm run test:fuzz` raises it. */
const FUZZ_FACTOR = Math.min(10, Number(process.env['FERRY_FUZZ_FACTOR'] ?? 1));
const RUNS = 100_000 * FUZZ_FACTOR;
const TIMEOUT_MS = 300_000 * FUZZ_FACTOR;
/** Making a file is slow: of so many names one is also made. */
const ON_DISK_EVERY = 50;
const PRINTABLE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+$/u;
const ROOT = resolve('/share');

const known = hostile.flatMap(({ name }) => (name === undefined ? [] : [name]));
const spice = fc.constantFrom(
  ...[
    '/',
    '\\',
    '.',
    '..',
    ' ',
    ':',
    '\u0000',
    '\n',
    '\u202e',
    '\u200d',
    '\ufeff',
    '\uff0e',
    '\ud800',
    '%2e',
    '~',
    '-',
  ],
  ...[
    'CON',
    'com¹',
    'LPT1.txt',
    '.txt',
    '.tar.gz',
    'desktop.ini',
    '.ferry-staging',
    'e\u0301',
    '👨‍👩‍👧',
    'ﷺ',
    '\u0300'.repeat(9),
  ],
);
/** Plain text, any code units, known attacks, and mixtures of all; some far too long. */
const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(...known),
  fc
    .array(fc.oneof(spice, fc.string({ maxLength: 6 }), fc.constantFrom(...known)), { maxLength: 8 })
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), fc.nat(400))
    .map(([part, times]) => `${part.repeat(times)}.pdf`),
);

/** The safe path, or `undefined` when the name is refused, which is always a FileStoreError. */
function judge(name: string): string | undefined {
  try {
    return safePath(name);
  } catch (error) {
    if (error instanceof FileStoreError && error.code === 'UNSAFE_NAME') return undefined;
    throw error;
  }
}

function faultOf(name: string, safe: string): string | undefined {
  const inside = relative(ROOT, resolve(ROOT, safe));
  if (inside === '' || inside.startsWith('..')) return 'leads out of the share';
  if (safePath(safe) !== safe) return `comes out as ${safePath(safe)} the second time`;
  const parts = safe.split('/');
  if (parts.length !== name.split('/').length) return 'has another depth';
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return 'is longer than 255 bytes';
  if (parts.some((part) => !PRINTABLE.test(part))) return 'is not printable';
  const asked = /[^.]\.([a-z0-9]{1,8})$/iu.exec(parts.length > 1 ? name.slice(name.lastIndexOf('/') + 1) : name)?.[1];
  const kept = extensionOf(parts.at(-1) ?? '');
  return asked !== undefined && kept !== asked.toLowerCase() ? `has the extension ${kept}, not ${asked}` : undefined;
}

describe('name policy', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'ferry-names-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    `campaign P6: any name is refused, or confined, printable, short and stable (${RUNS} names)`,
    () => {
      let made = 0;
      let seen = 0;
      fc.assert(
        fc.property(anyName, (name) => {
          const safe = judge(name);
          if (safe === undefined) return true;
          const fault = faultOf(name, safe);
          if (fault) throw new Error(`${JSON.stringify(name)} became ${JSON.stringify(safe)}, which ${fault}`);
          seen += 1;
          if (seen % ON_DISK_EVERY !== 0 || safe.includes('/')) return true;
          made += 1;
          const file = join(folder, safe);
          writeFileSync(file, '');
          const listed = readdirSync(folder).map((each) => each.normalize('NFC'));
          rmSync(file);
          return listed.length === 1 && listed[0] === safe;
        }),
        { numRuns: RUNS },
      );
      expect(made).toBeGreaterThan(100);
    },
    TIMEOUT_MS,
  );
});
