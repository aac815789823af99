import type { Settings } from '@ferry/protocol';
import { FOLDER_FIELDS, LIMIT_FIELDS } from './setting-fields';

const SETTINGS: Settings = {
  maxFileSize: 104_857_600,
  allowedExtensions: ['txt', 'pdf'],
  blockedExtensions: [],
  sharedDir: '/home/kim/shared',
  receivedDir: '/home/kim/received',
  trashRetentionDays: 30,
  onConflict: 'keep-both',
};
const FIELDS = [...LIMIT_FIELDS, ...FOLDER_FIELDS];
const field = (key: keyof Settings) => FIELDS.find((each) => each.key === key) as (typeof FIELDS)[number];

describe('setting fields', () => {
  it.each(FIELDS)('$key: what is shown is read as the same', (each) =>
    expect(each.read(each.show(SETTINGS))).toEqual({ [each.key]: SETTINGS[each.key] }),
  );

  it('reads endings however they are written', () =>
    expect(field('allowedExtensions').read(' .TXT, *.pdf;png\n')).toEqual({
      allowedExtensions: ['txt', 'pdf', 'png'],
    }));

  it('keeps the star for all', () =>
    expect(field('allowedExtensions').read('*')).toEqual({ allowedExtensions: ['*'] }));

  it.each([
    ['maxFileSize', '-1'],
    ['maxFileSize', '1.5'],
    ['allowedExtensions', ' , '],
    ['trashRetentionDays', '40000'],
    ['trashRetentionDays', ''],
    ['sharedDir', '  '],
  ] as const)('%s: says what is wrong with %p', (key, text) =>
    expect(field(key).read(text)).toEqual(expect.any(String)),
  );
});
