import { parseMetadata } from './upload-metadata';

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');

describe('parseMetadata', () => {
  it.each<[string | undefined, object]>([
    [undefined, {}],
    ['', {}],
    [`filename ${base64('日本 файл.txt')}`, { filename: '日本 файл.txt' }],
    [
      `filename ${base64('a.txt')},is_secret,path ${base64('x/a.txt')}`,
      {
        filename: 'a.txt',
        is_secret: null,
        path: 'x/a.txt',
      },
    ],
    [`filename ${base64('a.txt')}, type ${base64('text/plain')}`, { filename: 'a.txt', type: 'text/plain' }],
    [`empty ,filename ${base64('\uFEFFa')}`, { empty: null, filename: '\uFEFFa' }],
  ])('reads %j', (header, metadata) => expect(parseMetadata(header)).toEqual(metadata));

  it.each([
    ['no Base64', 'filename ?'],
    ['Base64 without its end', 'filename YQ'],
    ['Base64 with bits to spare', 'filename YR=='],
    ['Base64 of other characters', 'filename Y-_='],
    ['invalid UTF-8', `filename ${base64(Buffer.from([0xff, 0xfe]))}`],
    ['half a character', `filename ${base64(Buffer.from([0xed, 0xa0, 0x80]))}`],
    ['two values', 'filename YQ== YQ=='],
    ['no key', 'a YQ==,,b YQ=='],
    ['only a comma', ','],
    ['a key twice', 'a YQ==,a YQ=='],
    ['a key with a control character', 'a\u0001 YQ=='],
    ['a key beyond ASCII', 'é YQ=='],
    ['a key of the prototype', '__proto__ YQ=='],
    ['another key of the prototype', 'constructor YQ=='],
    ['too many pairs', Array.from({ length: 33 }, (_, n) => `k${n}`).join(',')],
  ])('refuses %s', (_what, header) => {
    expect(() => parseMetadata(header)).toThrow(expect.objectContaining({ code: 'validation' }));
  });
});
