import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { FileEntry, Problem } from '@ferry/protocol';
import { ask } from '../http/testing/http-client';
import { filePart, form } from '../http/testing/multipart';
import { startShareNode, type ShareNode } from '../http/testing/share';
import { MAX_TEXT_BYTES } from './text-preview';

const SANDBOX = /^sandbox; default-src 'none';.* frame-ancestors 'self'$/;
/** The beginning of a file of each type; what follows does not matter here. */
const HEADS = {
  mp4: Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'),
  webm: Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d4287810242858102', 'hex'),
  mp3: Buffer.concat([
    Buffer.from('ID3\x03\0\0\0\0\0\x0a', 'latin1'),
    Buffer.alloc(10),
    Buffer.from('fffb9064', 'hex'),
  ]),
  ogg: Buffer.concat([
    Buffer.from('4f67675300020000000000000000', 'hex'),
    Buffer.alloc(14),
    Buffer.from('\x01vorbis\0', 'latin1'),
  ]),
  pdf: Buffer.from('%PDF-1.7\n1 0 obj\n'),
};

describe('GET /files/{id}/preview', () => {
  let node: ShareNode;

  beforeAll(async () => {
    node = await startShareNode({ FERRY_ALLOWED_EXTENSIONS: '*' });
  });
  afterAll(() => node.close());

  async function upload(name: string, content: string | Uint8Array): Promise<string> {
    const { text } = await ask(node.port, '/api/v1/files', form(filePart(name, content)));
    return `/api/v1/files/${(JSON.parse(text) as FileEntry).id}/preview`;
  }

  async function expectNoPreview(path: string): Promise<void> {
    const { status, text } = await ask(node.port, path);
    expect([status, (JSON.parse(text) as Problem).code]).toEqual([415, 'no-preview']);
  }

  const pixel = (format: 'png' | 'jpeg' | 'gif' | 'webp' | 'avif') =>
    sharp({ create: { width: 2, height: 2, channels: 3, background: '#123456' } })
      .toFormat(format)
      .toBuffer();

  it.each(['png', 'jpeg', 'gif', 'webp', 'avif'] as const)(
    'shows %s, whatever its name says, in a sandbox',
    async (format) => {
      const image = await pixel(format);
      const { status, headers } = await ask(node.port, await upload(`${format}.html`, image));
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': `image/${format}`,
        'content-length': String(image.length),
        'content-disposition': `inline; filename=${format}.html`,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': expect.stringMatching(SANDBOX) as string,
      });
    },
  );

  it.each([
    ['mp4', 'video/mp4'],
    ['webm', 'video/webm'],
    ['mp3', 'audio/mpeg'],
    ['ogg', 'audio/ogg'],
    ['pdf', 'application/pdf'],
  ] as const)('plays %s from any place', async (name, type) => {
    const path = await upload(`${name}.bin`, HEADS[name]);
    expect((await ask(node.port, path)).headers['content-type']).toBe(type);
    const { status, headers } = await ask(node.port, path, { headers: { range: 'bytes=2-4' } });
    expect([status, headers['content-range']]).toEqual([206, `bytes 2-4/${HEADS[name].length}`]);
  });

  it('shows text as text, whole or its beginning', async () => {
    const path = await upload('notes.md', 'Größe: 5 €\n');
    for (const query of ['', '?text=1']) {
      const { text, headers } = await ask(node.port, `${path}${query}`);
      expect([text, headers['content-type']]).toEqual(['Größe: 5 €\n', 'text/plain; charset=utf-8']);
    }
  });

  it.each([0, 1, 2, 3])('cuts a long text between two characters (%d bytes off)', async (off) => {
    const path = await upload(`long-${off}.txt`, 'x'.repeat(off) + '🎈'.repeat(MAX_TEXT_BYTES / 4));
    const { text, headers } = await ask(node.port, `${path}?text=1`);
    expect(text).toBe('x'.repeat(off) + '🎈'.repeat((MAX_TEXT_BYTES - off) >> 2));
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
  });

  it.each<[string, string | Uint8Array]>([
    ['page.html', '<p>hello'],
    ['page.txt', '  <!DOCTYPE html><script>alert(1)</script>'],
    ['drawing.svg', 'not even markup'],
    ['drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['drawing.txt', '\ufeff<?xml version="1.0"?><svg/>'],
    ['latin1.txt', Buffer.from([0x47, 0xf6, 0x74])],
    ['utf16.txt', Buffer.from('text', 'utf16le')],
    ['zeros.bin', Buffer.alloc(100)],
    ['archive.zip', Buffer.concat([Buffer.from('504b0304', 'hex'), deflateSync('x')])],
    ['program', Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(60)])],
  ])('does not show %s', async (name, content) => {
    const path = await upload(name, content);
    await expectNoPreview(path);
    await expectNoPreview(`${path}?text=1`);
  });

  it('shows an image not as text', async () =>
    expectNoPreview(`${await upload('image.txt', await pixel('png'))}?text=1`));

  it('shows an empty file as empty text', async () => {
    expect((await ask(node.port, await upload('empty', ''))).headers['content-length']).toBe('0');
  });
});
