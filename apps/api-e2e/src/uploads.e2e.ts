import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from '@ferry/protocol';
import {
  listVisible,
  MEBIBYTE,
  NodeGroup,
  type NodeProcess,
  sha256sum,
  startWebServer,
  writeRandomFile,
} from '@ferry/test-nodes';
import { Upload } from 'tus-js-client';
import { TusClient } from './support/tus-client';

const SIZE = 48 * MEBIBYTE;

describe('a tus upload', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let tus: TusClient;

  beforeAll(async () => {
    node = await group.start('node');
    tus = new TusClient(node);
  });
  afterAll(() => group.dispose());

  const staged = async () => {
    const [name] = (await readdir(join(node.folders.shared, '.ferry-staging'))).filter((each) => each !== 'lock');
    return join(node.folders.shared, '.ferry-staging', name ?? '');
  };
  const untilStaged = async (bytes: number) => {
    while ((await stat(await staged())).size < bytes) await new Promise(setImmediate);
  };
  const inShare = (path: string) => join(node.folders.shared, path);

  it('by tus-js-client goes on after its node was killed and started again', async () => {
    const source = join(node.folders.root, 'source.bin');
    await writeRandomFile(source, SIZE);
    let restart: Promise<void> | undefined;
    const offsets: number[] = [];
    const entry = await new Promise<FileEntry>((resolve, reject) => {
      let entryId = '';
      const upload = new Upload(createReadStream(source), {
        endpoint: `${node.api.origin}/api/v1/uploads`,
        uploadSize: SIZE,
        chunkSize: 8 * MEBIBYTE,
        retryDelays: Array.from({ length: 100 }, () => 100),
        metadata: { filename: 'big.bin', path: 'from a client/big.bin', sha256: '' },
        onProgress: (sent) => {
          if (sent > SIZE / 2) restart ??= node.kill().then(() => node.start());
        },
        onAfterResponse: (request, response) => {
          if (request.getMethod() === 'HEAD') offsets.push(Number(response.getHeader('Upload-Offset')));
          entryId = response.getHeader('Ferry-Entry-Id') ?? entryId;
        },
        onError: reject,
        onSuccess: () => node.api.file(entryId).then(resolve, reject),
      });
      upload.start();
    });
    await restart;
    expect(entry).toMatchObject({ path: 'from a client/big.bin', size: SIZE });
    expect(offsets.length).toBeGreaterThan(0);
    expect(offsets.some((offset) => offset > 0)).toBe(true); // it did not begin anew
    expect(await sha256sum(inShare(entry.path))).toBe(await sha256sum(source));
  });

  it('by hand goes on after its node was killed in the middle of it, three times', async () => {
    const bytes = randomBytes(SIZE);
    const path = await tus.begin(SIZE, {
      filename: 'by hand.bin',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    let offset = 0;
    for (const part of [0.2, 0.5, 0.9]) {
      const outgoing = tus.openPatch(path, offset, { 'Content-Length': String(SIZE - offset) });
      const feeding = tus.feed(outgoing, bytes.subarray(offset));
      await untilStaged(SIZE * part);
      await node.kill();
      outgoing.destroy();
      await feeding;
      const onDisk = await readFile(await staged());
      await node.start();
      const told = await tus.offset(path);
      expect(told).toBeGreaterThanOrEqual(offset);
      expect(told).toBeLessThanOrEqual(onDisk.length);
      expect(onDisk.subarray(0, told).equals(bytes.subarray(0, told))).toBe(true);
      offset = told;
    }
    const last = await tus.patch(path, offset, bytes.subarray(offset));
    expect([last.status, last.headers.get('ferry-entry-path')]).toEqual([204, 'by%20hand.bin']);
    expect((await readFile(inShare('by hand.bin'))).equals(bytes)).toBe(true);
    expect((await listVisible(node.folders.shared)).filter((name) => name.includes('by hand'))).toEqual([
      'by hand.bin',
    ]);
  });

  it('whose client has silently gone can be taken over within seconds', async () => {
    const bytes = randomBytes(4 * MEBIBYTE);
    const path = await tus.begin(bytes.length, { filename: 'taken over.bin' });
    const gone = tus.openPatch(path, 0, { 'Content-Length': String(bytes.length) });
    gone.write(bytes.subarray(0, MEBIBYTE));
    await untilStaged(MEBIBYTE);
    const began = performance.now();
    const offset = await tus.offset(path); // the connection is still open
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(offset).toBe(MEBIBYTE);
    expect((await tus.patch(path, offset, bytes.subarray(offset))).status).toBe(204);
    gone.destroy();
    expect((await readFile(inShare('taken over.bin'))).equals(bytes)).toBe(true);
  });

  it('survives a graceful stop in the middle of it', async () => {
    const bytes = randomBytes(8 * MEBIBYTE);
    const path = await tus.begin(bytes.length, { filename: 'stopped.bin' });
    const outgoing = tus.openPatch(path, 0, { 'Content-Length': String(bytes.length) });
    outgoing.write(bytes.subarray(0, 3 * MEBIBYTE));
    await untilStaged(3 * MEBIBYTE);
    expect(await node.stop()).toMatchObject({ code: 0 });
    await node.start();
    const offset = await tus.offset(path);
    expect(offset).toBe(3 * MEBIBYTE); // what came was synced before the end
    expect((await tus.patch(path, offset, bytes.subarray(offset))).status).toBe(204);
  });

  it('is one more file, once, when many ask for it at the end', async () => {
    const bytes = randomBytes(MEBIBYTE);
    const path = await tus.begin(bytes.length, { filename: 'once.bin' });
    const answers = await Promise.all([tus.patch(path, 0, bytes), tus.patch(path, 0, bytes), tus.head(path)]);
    expect(answers.map(({ status }) => status).filter((status) => status === 204)).toHaveLength(1);
    expect((await node.api.files('shared', 'q=once')).total).toBe(1);
    const again = await tus.head(path);
    expect(again.headers.get('upload-offset')).toBe(String(MEBIBYTE));
    expect(again.headers.get('ferry-entry-id')).toBe((await node.api.files('shared', 'q=once')).items[0]?.id);
  });

  it('through the web server is the same as at the node', async () => {
    const web = await startWebServer(node);
    group.defer(() => web.kill('SIGTERM'));
    const origin = `http://127.0.0.1:${node.ports.web}`;
    const headers = { 'Tus-Resumable': '1.0.0', Origin: origin };
    const created = await fetch(`${origin}/api/v1/uploads`, {
      method: 'POST',
      headers: { ...headers, 'Upload-Length': '5', 'Upload-Metadata': `filename ${btoa('web.txt')}` },
    });
    const location = created.headers.get('location') ?? '';
    expect([created.status, location]).toEqual([201, expect.stringMatching(/^\/api\/v1\/uploads\//)]);
    const patched = await fetch(`${origin}${location}`, {
      method: 'PATCH',
      headers: { ...headers, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
      body: 'hello',
    });
    expect([patched.status, patched.headers.get('upload-offset')]).toEqual([204, '5']);
    expect(await readFile(inShare('web.txt'), 'utf8')).toBe('hello');
  });
});
