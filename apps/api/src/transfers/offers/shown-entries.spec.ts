import type { RemoteEntry } from '@ferry/protocol';
import { ShownEntries } from './shown-entries';

const ENTRY: RemoteEntry = {
  id: 'a',
  name: 'a.txt',
  path: 'docs/a.txt',
  size: 5,
  mediaType: 'text/plain',
  modifiedAt: '2024-05-06T07:08:09.000Z',
  kind: 'file',
  state: 'hashing',
};

describe('entries that were shown', () => {
  let shown: ShownEntries;

  beforeEach(() => {
    shown = new ShownEntries();
    shown.show([ENTRY]);
  });

  it.each<[string, Partial<RemoteEntry>]>([
    ['are the same', {}],
    ['have been hashed meanwhile', { state: 'ready', fileId: 'f'.repeat(64) }],
    ['are others', { id: 'b', path: 'evil.exe' }],
  ])('may be sent when they %s', (_what, change) => {
    expect(() => shown.check({ ...ENTRY, ...change })).not.toThrow();
  });

  it.each<[string, Partial<RemoteEntry>]>([
    ['path', { path: 'evil.exe' }],
    ['size', { size: 6 }],
    ['size and path together', { size: 1, path: '5 docs/a.txt' }],
    ['path that looks like the fields behind it', { path: 'docs/a.txt",null]' }],
  ])('may not be sent with another %s', (_what, change) => {
    const broken = expect.objectContaining({ code: 'MALFORMED_MESSAGE' }) as Error;
    expect(() => shown.check({ ...ENTRY, ...change })).toThrow(broken);
    expect(() => shown.show([{ ...ENTRY, ...change }])).toThrow(broken);
  });

  describe('with their content', () => {
    const hashed: RemoteEntry = { ...ENTRY, state: 'ready', fileId: 'f'.repeat(64) };
    const broken = expect.objectContaining({ code: 'MALFORMED_MESSAGE' }) as Error;

    it.each<[string, Partial<RemoteEntry>]>([
      ['other content', { fileId: 'e'.repeat(64) }],
      ['no content any more', { fileId: undefined }],
    ])('may not be sent with %s', (_what, change) => {
      shown.show([hashed]); // known by now, which is no change
      expect(() => shown.check({ ...hashed, ...change })).toThrow(broken);
      expect(() => shown.check(hashed)).not.toThrow();
    });
  });

  it('are forgotten when the offer is over', () => {
    shown.forget();
    expect(() => shown.check({ ...ENTRY, size: 6 })).not.toThrow();
  });
});
