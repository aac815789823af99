import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AcceptLimits, acceptIncoming, safePath } from './accept';

interface HostileName {
  readonly id: string;
  readonly category: string;
  readonly name?: string;
  readonly hex?: string;
  readonly expect: 'reject' | 'map' | 'accept' | 'filter' | 'collide';
  readonly alt?: string;
  readonly stored?: string;
}

const cases = JSON.parse(readFileSync(join(__dirname, 'hostile-names.json'), 'utf8')) as HostileName[];
const named = cases.filter((each): each is HostileName & { name: string } => each.name !== undefined);
const expecting = (...expected: HostileName['expect'][]) =>
  named.filter((each) => expected.includes(each.expect)).map((each) => [each.id, each] as const);

const DEFAULT_BLOCKED =
  'exe scr bat cmd com ps1 vbs vbe jse wsf hta jar msi msp lnk url desktop sh app dll reg cpl pif gadget';
const LIMITS: AcceptLimits = {
  maxFileSize: 0,
  allowedExtensions: ['*'],
  blockedExtensions: DEFAULT_BLOCKED.split(' '),
};
const accept = (path: string) => acceptIncoming({ path, size: 0 }, LIMITS);
const refusal = (code: string) => expect.objectContaining({ code });

describe('hostile names', () => {
  it.each(expecting('reject'))('%s is refused', (_, { name }) =>
    expect(() => accept(name)).toThrow(refusal('UNSAFE_NAME')),
  );

  it.each(expecting('accept'))('%s is kept as it is (NFC)', (_, { name }) =>
    expect(accept(name)).toBe(name.normalize('NFC')),
  );

  it.each(expecting('filter'))('%s is refused for its extension', (_, { name }) =>
    expect(() => accept(name)).toThrow(refusal('EXTENSION_NOT_ALLOWED')),
  );

  it.each(expecting('map'))('%s becomes a harmless name', (_, { name }) => {
    const safe = safePath(name);
    expect(safe).not.toBe(name);
    expect(safe.split('/')).toHaveLength(name.split('/').length);
    for (const part of safe.split('/')) {
      expect(part).not.toMatch(/^[\s.~-]|[\s.]$|[<>:"|?*\\\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u);
      expect(part).not.toBe('');
      expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
    }
  });

  it.each(expecting('map', 'accept'))('%s comes out the same a second time', (_, { name }) => {
    const safe = safePath(name);
    expect(safePath(safe)).toBe(safe);
  });
});

describe('acceptIncoming', () => {
  const original: AcceptLimits = { maxFileSize: 100, allowedExtensions: ['txt', 'PDF'], blockedExtensions: ['exe'] };
  const acceptOriginal = (path: string, size = 0) => acceptIncoming({ path, size }, original);

  it('lets in the allowed extensions whatever their case', () => {
    expect(acceptOriginal('a/b.TXT')).toBe('a/b.TXT');
    expect(acceptOriginal('b.pdf')).toBe('b.pdf');
  });

  it.each(['a.png', 'noextension', '.txt.png', 'txt'])('refuses %s, which is not on the list', (path) =>
    expect(() => acceptOriginal(path)).toThrow(refusal('EXTENSION_NOT_ALLOWED')),
  );

  it('refuses a file over the limit and takes one of just that size', () => {
    expect(() => acceptOriginal('a.txt', 101)).toThrow(refusal('TOO_LARGE'));
    expect(acceptOriginal('a.txt', 100)).toBe('a.txt');
  });

  it.each(['.ferry-staging/x.txt', 'a/.FERRY-TRASH/x.txt', '.ferry-trash'])('refuses %s, a name of ours', (path) =>
    expect(() => accept(path)).toThrow(refusal('UNSAFE_NAME')),
  );

  it('keeps the extension of a name that is too long', () => {
    const safe = accept(`${'é'.repeat(300)}.tar.gz`);
    expect(safe).toMatch(/^é+\.tar\.gz$|^é+\.gz$/);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
  });
});
