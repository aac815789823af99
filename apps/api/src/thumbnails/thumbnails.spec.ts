import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { once } from 'node:events';
import { join } from 'node:path';
import sharp from 'sharp';
import { FileStore } from '@ferry/file-store';
import type { FileEntry, Problem } from '@ferry/protocol';
import { ask } from '../http/testing/http-client';
import { filePart, form } from '../http/testing/multipart';
import { startShareNode, type ShareNode } from '../http/testing/share';
import { MAX_IMAGE_PIXELS } from './limits';

const RED = { r: 200, g: 20, b: 20 };
/** A refusal that reads no pixel; decoding this image takes seconds. */
const QUICK_MS = 2_000;

describe('GET /files/{id}/thumbnail', () => {
  let node: ShareNode;

  beforeAll(async () => {
    node = await startShareNode({ FERRY_ALLOWED_EXTENSIONS: '*' });
  });
  afterAll(() => node.close());

  /** Uploads a file and waits until its content address is known. */
  async function upload(name: string, content: string | Uint8Array): Promise<FileEntry> {
    const { text } = await ask(node.port, '/api/v1/files', form(filePart(name, content)));
    const { id } = JSON.parse(text) as FileEntry;
    const { entries } = node.app.get(FileStore);
    return new Promise((resolve) => {
      const look = () => {
        const entry = entries.get(id);
        if (entry.fileId === undefined) return;
        stop();
        resolve(entry);
      };
      const stop = entries.onChange(look);
      look();
    });
  }

  const pathOf = ({ id }: FileEntry, query = '') => `/api/v1/files/${id}/thumbnail${query}`;

  async function get(path: string, headers = {}) {
    const outgoing = request({ host: '127.0.0.1', port: node.port, path, headers, agent: false }).end();
    const [incoming] = await once(outgoing, 'response');
    return { status: incoming.statusCode, headers: incoming.headers, bytes: await buffer(incoming) };
  }

  async function expectNoPreview(entry: FileEntry, reason: RegExp): Promise<void> {
    const { status, bytes } = await get(pathOf(entry));
    const { code, detail } = JSON.parse(bytes.toString()) as Problem;
    expect([status, code, detail]).toEqual([415, 'no-preview', expect.stringMatching(reason)]);
  }

  const image = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: RED } });
  const cached = () => readdir(join(node.config.dataDir, 'thumbnails'));

  it('fits the image into the size asked for, as webp without metadata', async () => {
    const jpeg = await image(900, 300)
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .jpeg()
      .toBuffer();
    const { status, headers, bytes } = await get(pathOf(await upload('wide.jpg', jpeg), '?size=96'));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'image/webp',
      'content-length': String(bytes.length),
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    const { format, width, height, exif } = await sharp(bytes).metadata();
    expect({ format, width, height, exif }).toEqual({ format: 'webp', width: 96, height: 32, exif: undefined });
  });

  it.each(['png', 'gif', 'webp', 'avif'] as const)('reads %s by its content', async (format) => {
    const { status } = await get(
      pathOf(await upload(`${format}.txt`, await image(40, 40).toFormat(format).toBuffer())),
    );
    expect(status).toBe(200);
  });

  it('stands upright as the EXIF data say, and leaves a small image small', async () => {
    const lying = await image(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { bytes } = await get(pathOf(await upload('lying.jpg', lying)));
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 20, height: 40 });
  });

  it('shows the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(30 * 30 * 3, 255), Buffer.alloc(30 * 30 * 3, 0)]);
    const gif = await sharp(frames, { raw: { width: 30, height: 60, channels: 3, pageHeight: 30 } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    const { bytes } = await get(pathOf(await upload('two.gif', gif)));
    const { dominant } = await sharp(bytes).stats();
    expect([(await sharp(bytes).metadata()).height, dominant.r > 200]).toEqual([30, true]);
  });

  it('is kept by content, and may be kept for ever under it', async () => {
    const png = await image(300, 300).png().toBuffer();
    const entry = await upload('kept.png', png);
    const before = await cached();
    const first = await get(pathOf(entry));
    expect(await cached()).toHaveLength(before.length + 1);
    expect(await cached()).toContain(`${entry.fileId}-256.webp`);
    const twin = await get(pathOf(await upload('twin.png', png), `?v=${entry.fileId}`));
    expect(await cached()).toHaveLength(before.length + 1);
    expect(twin.bytes.equals(first.bytes)).toBe(true);
    expect(twin.headers['cache-control']).toBe('private, max-age=31536000, immutable');
    const again = await get(pathOf(entry), { 'if-none-match': first.headers.etag });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  });

  it('answers many at once with what one process after the other makes', async () => {
    const entries = await Promise.all(
      Array.from({ length: 12 }, async (_, index) =>
        upload(
          `many-${index}.png`,
          await image(50 + index, 50)
            .png()
            .toBuffer(),
        ),
      ),
    );
    const answers = await Promise.all(entries.flatMap((entry) => [get(pathOf(entry)), get(pathOf(entry))]));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it.each<[string, string | Uint8Array]>([
    ['notes.txt', 'text'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['empty.png', ''],
  ])('has none of %s', async (name, content) => expectNoPreview(await upload(name, content), /images only/));

  it('has none of a broken image, and does not try it twice', async () => {
    const png = await sharp({
      create: { width: 500, height: 500, channels: 3, noise: { type: 'gaussian' }, background: RED },
    })
      .png()
      .toBuffer();
    const entry = await upload('broken.png', png.subarray(0, png.length / 2));
    await expectNoPreview(entry, /cannot be shown/);
    await expectNoPreview(entry, /cannot be shown/);
  });

  it('refuses a decompression bomb from its header', async () => {
    const edge = Math.ceil(Math.sqrt(MAX_IMAGE_PIXELS)) + 1;
    const entry = await upload('bomb.png', await image(edge, edge).png().toBuffer());
    const startedAt = performance.now();
    await expectNoPreview(entry, /pixel limit/);
    expect(performance.now() - startedAt).toBeLessThan(QUICK_MS);
  });

  it('leaves the event loop free', async () => {
    const entry = await upload('large.png', await image(6_000, 6_000).png().toBuffer());
    let isDone = false;
    let longestMs = 0;
    const made = get(pathOf(entry)).finally(() => (isDone = true));
    while (!isDone) {
      const at = performance.now();
      await new Promise((resolve) => setImmediate(resolve));
      longestMs = Math.max(longestMs, performance.now() - at);
    }
    expect((await made).status).toBe(200);
    expect(longestMs).toBeLessThan(500);
  });

  it.each(['32', '513', 'x', '64.5'])('refuses size %s', async (size) => {
    const { status } = await ask(node.port, `/api/v1/files/none/thumbnail?size=${size}`);
    expect(status).toBe(400);
  });

  it('knows no unknown file', async () => {
    expect((await ask(node.port, '/api/v1/files/none/thumbnail')).status).toBe(404);
  });
});
