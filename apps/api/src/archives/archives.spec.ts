import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FileStore } from '@ferry/file-store';
import type { Archive, FileEntry, Problem } from '@ferry/protocol';
import { ask, json } from '../http/testing/http-client';
import { startShareNode, type ShareNode } from '../http/testing/share';
import { MAX_ARCHIVE_DOWNLOADS } from './limits';
import { readZip, testZip } from './testing/foreign-zip';

/** With fifteen of them before it a file is not looked at while nobody reads: sockets and the node hold less. */
const MUCH = 4 * 1024 * 1024;
/** On a busy machine. */
const LONG_MS = 30_000;

describe('archives', () => {
  jest.setTimeout(LONG_MS);

  let node: ShareNode;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    node = await startShareNode();
    folder = await mkdtemp(join(tmpdir(), 'ferry-archives-'));
    file = join(folder, 'a.zip');
  });
  afterAll(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  /** Puts files (ending in `/`: folders) into the share by hand, and waits until all are listed. */
  async function share(content: Record<string, string | Uint8Array>): Promise<void> {
    const paths = Object.keys(content).map((path) => path.replace(/\/$/, ''));
    const listed = untilListed(paths);
    for (const [path, bytes] of Object.entries(content)) {
      const at = join(node.sharedDir, path);
      await mkdir(path.endsWith('/') ? at : dirname(at), { recursive: true });
      if (!path.endsWith('/')) await writeFile(at, bytes);
    }
    await listed;
  }

  function untilListed(paths: readonly string[]): Promise<void> {
    const { entries } = node.app.get(FileStore);
    return new Promise((resolve) => {
      const look = () => {
        if (!paths.every((path) => entries.at('shared', path)?.state === 'ready')) return;
        stop();
        resolve();
      };
      const stop = entries.onChange(look);
    });
  }

  const entry = (path: string): FileEntry => {
    const found = node.app.get(FileStore).entries.at('shared', path);
    if (!found) throw new Error(`${path} is not listed`);
    return found;
  };

  async function create(...paths: string[]): Promise<Archive> {
    const entryIds = paths.map((path) => entry(path).id);
    const { status, text } = await ask(node.port, '/api/v1/archives', json({ entryIds }));
    expect(status).toBe(201);
    return JSON.parse(text) as Archive;
  }

  async function open(path: string): Promise<IncomingMessage> {
    const outgoing = request({ host: '127.0.0.1', port: node.port, path, agent: false }).end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return incoming;
  }

  /** Downloads to `file`. @returns the headers. */
  async function download(path: string) {
    const incoming = await open(path);
    await pipeline(incoming, createWriteStream(file));
    return incoming.headers;
  }

  const names = async () => (await readZip(file)).map(({ name }) => name);

  it('sends folders with their structure, empty ones included, and says the size before', async () => {
    await share({
      'trip/a.txt': 'a',
      'trip/日本/é.txt': 'b'.repeat(300_000),
      'trip/empty/': '',
      'other/a.txt': 'c',
      'top.txt': 'd',
    });
    const archive = await create('trip', 'other/a.txt', 'top.txt');
    expect(archive).toMatchObject({ name: 'ferry-files.zip', files: 4, url: `/api/v1/archives/${archive.id}` });
    const headers = await download(archive.url);
    expect(headers).toMatchObject({
      'content-type': 'application/zip',
      'content-length': String(archive.size),
      'content-disposition': 'attachment; filename=ferry-files.zip',
      'x-content-type-options': 'nosniff',
    });
    expect((await stat(file)).size).toBe(archive.size);
    expect(await names()).toEqual([
      'trip/',
      'trip/a.txt',
      'trip/empty/',
      'trip/日本/',
      'trip/日本/é.txt',
      'a.txt',
      'top.txt',
    ]);
    expect(await testZip(file)).toContain('unzip');
  });

  it('answers HEAD with the size alone', async () => {
    const { url, size } = await create('trip');
    const { status, text, headers } = await ask(node.port, url, { method: 'HEAD' });
    expect([status, text, headers['content-length']]).toEqual([200, '', String(size)]);
  });

  it('holds an entry once that is chosen twice or lies in a chosen folder, and makes names differ', async () => {
    await share({ 'one/same.txt': '1', 'two/same.txt': '2', 'two/deep/same.txt': '3' });
    await download(
      (await create('two/deep', 'two', 'two/deep/same.txt', 'one/same.txt', 'trip/a.txt', 'other/a.txt')).url,
    );
    expect(await names()).toEqual([
      'two/',
      'two/deep/',
      'two/deep/same.txt',
      'two/same.txt',
      'same.txt',
      'a.txt',
      'a (2).txt',
    ]);
  });

  it('is the content of a folder, under its name', async () => {
    const headers = await download(`/api/v1/files/${entry('trip').id}/content`);
    expect(headers['content-disposition']).toBe('attachment; filename=trip.zip');
    expect((await names())[0]).toBe('trip/');
  });

  it('lets no name lead out of where it is unpacked', async () => {
    await share({ 'evil/..\\..\\out.txt': 'x', 'evil/C:boot.ini': 'y' });
    await download((await create('evil')).url);
    for (const name of await names()) expect(name).not.toMatch(/\\|\.\.\/|:/);
  });

  it('holds what a folder holds when it is downloaded', async () => {
    const { url, size } = await create('other');
    await share({ 'other/later.txt': 'later' });
    const headers = await download(url);
    expect(Number(headers['content-length'])).toBeGreaterThan(size);
    expect(await names()).toEqual(['other/', 'other/a.txt', 'other/later.txt']);
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['vanishes', unlink],
    ['is cut short', (path) => truncate(path, 5)],
    // One byte longer: of the same size it may be listed anew before its turn comes, and then it is right in the zip.
    ['is rewritten', (path) => writeFile(path, Buffer.alloc(MUCH + 1, 'z'))],
  ])('cuts the answer off when a file on the way %s', async (what, change) => {
    const top = `big ${what}`; // one for each: what an earlier one left may still be listed
    const files = Array.from({ length: 16 }, (_, index) => [`${top}/${index + 10}.bin`, Buffer.alloc(MUCH, index)]);
    await share(Object.fromEntries(files) as Record<string, Uint8Array>);
    const { url, size } = await create(top);
    const incoming = await open(url); // nothing is read of it yet, so the node waits after a few files
    await change(join(node.sharedDir, top, '25.bin'));
    let received = 0;
    incoming.on('data', (part: Buffer) => (received += part.length));
    await expect(once(incoming, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(received).toBeGreaterThan(MUCH);
    expect(received).toBeLessThan(size);
    await rm(join(node.sharedDir, top), { recursive: true });
  });

  it('stops reading when the client goes, and sends to few at once', async () => {
    await share({ 'wide/a.bin': Buffer.alloc(64 * 1024 * 1024) });
    const { url } = await create('wide');
    const readers = await Promise.all(Array.from({ length: MAX_ARCHIVE_DOWNLOADS }, () => open(url)));
    const refused = await ask(node.port, url);
    expect([refused.status, (JSON.parse(refused.text) as Problem).code]).toEqual([429, 'too-many-requests']);
    for (const reader of readers) reader.destroy();
    await expect(untilAnswered(url)).resolves.toBe(200);
  });

  /** Asks until places are free again: the node learns of a gone client by itself. */
  async function untilAnswered(url: string): Promise<number> {
    for (;;) {
      const { status } = await ask(node.port, url, { method: 'HEAD' });
      if (status !== 429) return status;
    }
  }

  it('knows no unknown archive, and no unknown entry', async () => {
    const unknown = await ask(node.port, '/api/v1/archives/nope');
    expect([unknown.status, (JSON.parse(unknown.text) as Problem).code]).toEqual([404, 'archive-not-found']);
    const missing = await ask(node.port, '/api/v1/archives', json({ entryIds: ['nope'] }));
    expect([missing.status, (JSON.parse(missing.text) as Problem).code]).toEqual([404, 'file-not-found']);
    expect((await ask(node.port, '/api/v1/archives', json({ entryIds: [] }))).status).toBe(400);
  });
});
