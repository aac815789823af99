import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry, Page } from '@ferry/protocol';
import {
  MEBIBYTE,
  NodeGroup,
  type NodeProcess,
  pair,
  sha256sum,
  untilEntry,
  untilState,
  writeRandomFile,
} from '@ferry/test-nodes';

const SECRET = 'this lies outside of the share';
/** What other programs in the field test with. `FERRY_FAULTS=full` does the whole of our goal. */
const SWAPS = process.env['FERRY_FAULTS'] === 'full' ? 2_000 : 500;
const MANY = process.env['FERRY_FAULTS'] === 'full' ? 100_000 : 20_000;

describe('objects in the share that change while they are looked at', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let reader: NodeProcess;
  let nodeId: string;

  beforeAll(async () => {
    [node, reader] = await Promise.all([group.start('owner'), group.start('reader')]);
    nodeId = (await pair(node, reader)).inviterId;
    await mkdir(join(node.folders.root, 'outside'));
    await writeFile(join(node.folders.root, 'outside', 'private.txt'), SECRET);
  });
  afterAll(() => group.dispose());

  const inShare = (path: string) => join(node.folders.shared, path);
  const listedBelow = async (folder: string): Promise<FileEntry[]> => {
    const { items } = await node.api.get<Page<FileEntry>>('/files?scope=shared&kind=file&limit=1000');
    return items.filter(({ path }) => path.startsWith(`${folder}/`));
  };
  /** Written after everything else: once it is listed, what was before it was looked at. */
  const untilSeen = async (marker: string) => {
    await writeFile(inShare(marker), 'marker');
    return untilEntry(node.api, marker);
  };
  const contentOf = (id: string, init?: RequestInit) => fetch(`${node.api.origin}/api/v1/files/${id}/content`, init);

  it(`S07: a file swapped for a link out of the share and back, ${SWAPS} times, gives nothing away`, async () => {
    await mkdir(inShare('S07'));
    await writeFile(inShare('S07/private.txt'), 'harmless');
    const { id } = await untilEntry(node.api, 'S07/private.txt');
    await symlink(join(node.folders.root, 'outside', 'private.txt'), inShare('S07/link'));
    for (let round = 0; round < SWAPS; round++) {
      const [file, link] = round % 2 === 0 ? ['private.txt', 'link'] : ['link', 'private.txt'];
      await rename(inShare(`S07/${file}`), inShare('S07/swap'));
      await rename(inShare(`S07/${link}`), inShare(`S07/${file}`));
      await rename(inShare('S07/swap'), inShare(`S07/${link}`));
      if (round % 10 === 0) expect(await (await contentOf(id)).text()).not.toContain(SECRET);
    }
    await untilSeen('after-S07.txt');
    for (const { id: each } of await listedBelow('S07')) expect(await (await contentOf(each)).text()).toBe('harmless');
  }, 120_000);

  it(`S08: a folder swapped for a link to one outside, ${SWAPS} times, gives nothing away`, async () => {
    await mkdir(inShare('S08/folder'), { recursive: true });
    await writeFile(inShare('S08/folder/private.txt'), 'harmless');
    const { id } = await untilEntry(node.api, 'S08/folder/private.txt');
    await symlink(join(node.folders.root, 'outside'), inShare('S08-link'));
    for (let round = 0; round < SWAPS; round++) {
      await rename(inShare('S08/folder'), inShare('S08-real'));
      await rename(inShare('S08-link'), inShare('S08/folder'));
      if (round % 10 === 0) expect(await (await contentOf(id)).text()).not.toContain(SECRET);
      await rename(inShare('S08/folder'), inShare('S08-link'));
      await rename(inShare('S08-real'), inShare('S08/folder'));
    }
    await untilSeen('after-S08.txt');
    for (const { id: each } of await listedBelow('S08')) expect(await (await contentOf(each)).text()).toBe('harmless');
  }, 120_000);

  it(`S19: ${MANY} entries in one folder are all listed, and the node answers meanwhile`, async () => {
    await mkdir(inShare('S19'));
    for (let at = 0; at < MANY; at += 500)
      await Promise.all(
        Array.from({ length: 500 }, (_, each) => writeFile(inShare(`S19/file-${at + each}.txt`), `${at + each}`)),
      );
    await untilEntry(node.api, `S19/file-${MANY - 1}.txt`, () => true);
    await untilSeen('after-S19.txt');
    const { total } = await node.api.get<Page<FileEntry>>('/files?scope=shared&folder=S19&limit=1');
    expect(total).toBe(MANY);
    await rm(inShare('S19'), { recursive: true });
  }, 180_000);

  it('S22: a file being written is offered with what it holds in the end', async () => {
    const file = await open(inShare('S22.bin'), 'w');
    for (let part = 0; part < 8; part++) {
      await file.write(Buffer.alloc(MEBIBYTE, part));
      await node.api.files('shared'); // the node sees it half written
    }
    await file.close();
    const { id } = await untilEntry(
      node.api,
      'S22.bin',
      ({ state, size }) => state === 'ready' && size === 8 * MEBIBYTE,
    );
    const transfer = await reader.api.pull(nodeId, [id]);
    await untilState(reader.api, transfer.id, 'complete');
  });

  describe.each([
    ['truncated', (path: string) => truncate(path, MEBIBYTE)],
    ['deleted', (path: string) => unlink(path)],
    [
      'replaced',
      async (path: string) => {
        await writeRandomFile(`${path}.new`, 48 * MEBIBYTE);
        await rename(`${path}.new`, path);
      },
    ],
    [
      'written to',
      async (path: string) => {
        const file = await open(path, 'r+');
        await file.write(Buffer.alloc(MEBIBYTE), 0, MEBIBYTE, 40 * MEBIBYTE);
        await file.close();
      },
    ],
  ] as const)('S23: a file that is %s while it is served', (what, change) => {
    it('is never sent as a mixture of both', async () => {
      const name = `S23-${what.replace(' ', '-')}.bin`;
      await writeRandomFile(inShare(name), 48 * MEBIBYTE);
      const original = await sha256sum(inShare(name));
      const entry = await untilEntry(node.api, name);
      const body = (await contentOf(entry.id)).body as ReadableStream<Uint8Array>;
      const hash = createHash('sha256');
      let bytes = 0;
      let isChanged = false;
      const read = async () => {
        for await (const part of body) {
          bytes += part.length;
          hash.update(part);
          if (isChanged) continue;
          isChanged = true;
          await change(inShare(name));
        }
      };
      await read().catch(() => undefined); // cut off: the reader knows that it has not got the file
      if (bytes === entry.size) expect(hash.digest('hex')).toBe(original);
      expect((await node.api.call('GET', '/status')).status).toBe(200);
    });
  });
});
