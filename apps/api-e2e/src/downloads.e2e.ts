import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Archive, FileEntry, Page } from '@ferry/protocol';
import { EventReader, isEvent, NodeGroup, type NodeProcess, startWebServer, untilEntry } from '@ferry/test-nodes';
import sharp from 'sharp';
import { childProcesses } from './support/child-processes';
import { expectProblem } from './support/expect-problem';
import { listZip, unpackZip } from './support/foreign-unzip';
import { saveSparse } from './support/sparse-file';

const WAIT_MS = 30_000;
const LARGE_TIMEOUT_MS = 600_000;
/** More than sockets hold while nobody reads. */
const MUCH = 64 * 1024 * 1024;
const OVER_4_GIB = 2 ** 32 + 12_345;
const TREE: Readonly<Record<string, Buffer>> = {
  'trip/a.bin': randomBytes(3_000_000),
  'trip/tiny.txt': Buffer.from('tiny'),
  'trip/none.txt': Buffer.alloc(0),
  'trip/日本 é/deep/b.bin': randomBytes(300_000),
};

/** Minutes on a busy machine. */
const inFullRun = process.env['FERRY_FAULTS'] === 'full' ? it : it.skip;
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('downloads', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let file: string;

  beforeAll(async () => {
    node = await group.start('downloads');
    file = join(node.folders.root, 'a.zip');
    for (const [path, bytes] of Object.entries(TREE)) await put(path, bytes);
    await mkdir(join(node.folders.shared, 'trip/empty'));
    for (const path of Object.keys(TREE)) await untilEntry(node.api, path);
    await untilEntry(node.api, 'trip/empty');
  });
  afterAll(() => group.dispose());

  async function put(path: string, bytes: Uint8Array): Promise<void> {
    const at = join(node.folders.shared, path);
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, bytes);
  }

  async function entry(path: string): Promise<FileEntry> {
    const { items } = await node.api.get<Page<FileEntry>>('/files?limit=1000');
    const found = items.find((each) => each.path === path);
    if (!found) throw new Error(`${path} is not listed`);
    return found;
  }

  const archive = async (...paths: string[]) =>
    node.api.ok<Archive>('POST', '/archives', {
      entryIds: await Promise.all(paths.map(async (path) => (await entry(path)).id)),
    });

  async function open(path: string): Promise<IncomingMessage> {
    const [response] = (await once(get(`${node.api.origin}${path}`, { agent: false }), 'response')) as [
      IncomingMessage,
    ];
    return response;
  }

  it('sends a folder as a zip that other programs unpack to the same tree, empty folders and times included', async () => {
    const { url, size } = await archive('trip');
    await pipeline(await open(url), createWriteStream(file));
    expect((await stat(file)).size).toBe(size);
    const unpacked = join(node.folders.root, 'unpacked');
    await unpackZip(file, unpacked);
    for (const [path, bytes] of Object.entries(TREE)) {
      expect((await readFile(join(unpacked, path))).equals(bytes)).toBe(true);
      const [was, is] = await Promise.all([stat(join(node.folders.shared, path)), stat(join(unpacked, path))]);
      expect(Math.floor(is.mtimeMs / 1000)).toBe(Math.floor(was.mtimeMs / 1000));
    }
    expect(await readdir(join(unpacked, 'trip/empty'))).toEqual([]);
  });

  inFullRun(
    'sends more than 4 GiB in one zip, and what comes after it',
    async () => {
      await put('large/z-after.txt', Buffer.from('after'));
      await put('large/hole.bin', Buffer.from('begin'));
      await truncate(join(node.folders.shared, 'large/hole.bin'), OVER_4_GIB);
      await untilEntry(node.api, 'large/hole.bin', ({ size }) => size === OVER_4_GIB);
      await untilEntry(node.api, 'large/z-after.txt');
      const { url, size } = await archive('large');
      expect(await saveSparse(await open(url), file)).toBe(size);
      expect(await listZip(file)).toEqual([
        ['large/', 0],
        ['large/hole.bin', OVER_4_GIB],
        ['large/z-after.txt', 5],
      ]);
      await unpackZip(file, join(node.folders.root, 'unpacked-large'));
      expect(await readFile(join(node.folders.root, 'unpacked-large/large/z-after.txt'), 'utf8')).toBe('after');
      await rm(join(node.folders.root, 'unpacked-large'), { recursive: true });
      await rm(join(node.folders.shared, 'large'), { recursive: true });
    },
    LARGE_TIMEOUT_MS,
  );

  it('cuts a download off rather than end it wrongly when a file is shortened on the way', async () => {
    for (const name of ['a.bin', 'b.bin']) await put(`cut/${name}`, Buffer.alloc(MUCH, name));
    const { id } = await untilEntry(node.api, 'cut/a.bin');
    await untilEntry(node.api, 'cut/b.bin');
    const { url } = await archive('cut/b.bin');
    for (const [name, path] of [
      ['a.bin', `/api/v1/files/${id}/content`],
      ['b.bin', url],
    ] as const) {
      const response = await open(path); // not read yet
      await truncate(join(node.folders.shared, 'cut', name), 100);
      let received = 0;
      response.on('data', (part: Buffer) => (received += part.length));
      await expect(once(response, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(received).toBeLessThan(MUCH);
    }
    await rm(join(node.folders.shared, 'cut'), { recursive: true });
  }, 60_000);

  it('tells the SHA-256 of a file to who asks for it', async () => {
    const { id } = await entry('trip/a.bin');
    const path = `${node.api.origin}/api/v1/files/${id}/content`;
    const events = await EventReader.open(node.api.origin);
    await fetch(path, { method: 'HEAD', headers: { 'Want-Repr-Digest': 'sha-256=5' } });
    const isSummed = async () => (await node.api.file(id)).sha256 !== undefined;
    if (!(await isSummed())) {
      for await (const event of events.from(0, WAIT_MS, 'the checksum')) {
        if (isEvent(event, 'files.changed') && event.data.id === id && event.data.sha256 !== undefined) break;
      }
    }
    events.close();
    const answer = await fetch(path, { headers: { Range: 'bytes=5-9' } });
    const digest = createHash('sha256')
      .update(TREE['trip/a.bin'] ?? '')
      .digest('base64');
    expect([answer.status, answer.headers.get('repr-digest')]).toEqual([206, `sha-256=:${digest}:`]);
  });

  onLinux('makes thumbnails in a process of their own, and another one when that is killed', async () => {
    const image = async (edge: number) =>
      node.api.upload({
        name: `image-${edge}.bin`,
        content: new Uint8Array(
          await sharp({ create: { width: edge, height: edge, channels: 3, background: '#a33' } })
            .png()
            .toBuffer(),
        ),
      });
    const [first, second] = [await image(400), await image(401)];
    const thumbnail = (id: string) => fetch(`${node.api.origin}/api/v1/files/${id}/thumbnail?size=64`);
    expect((await thumbnail(first.id)).headers.get('content-type')).toBe('image/webp');
    const decoders = await childProcesses(node.process.pid ?? 0);
    expect(decoders).toHaveLength(1);
    for (const pid of decoders) process.kill(pid, 'SIGKILL');
    expect((await thumbnail(second.id)).status).toBe(200);
    expectProblem(await node.api.call('GET', `/files/${(await entry('trip/a.bin')).id}/thumbnail`), 415, 'no-preview');
  });

  it('shows previews in a sandbox that the page of the separate web server may frame as well', async () => {
    const web = await startWebServer(node);
    group.defer(() => web.kill('SIGTERM'));
    const { id } = await entry('trip/tiny.txt');
    for (const port of [node.ports.http, node.ports.web]) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/files/${id}/preview`);
      expect([answer.status, await answer.text()]).toEqual([200, 'tiny']);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        'x-frame-options': 'SAMEORIGIN',
        'content-security-policy': expect.stringMatching(/^sandbox; .*frame-ancestors 'self'$/) as string,
      });
    }
    const page = await node.api.upload({ name: 'page.txt', content: '<html><script>alert(1)</script>' });
    expectProblem(await node.api.call('GET', `/files/${page.id}/preview`), 415, 'no-preview');
  });
});
