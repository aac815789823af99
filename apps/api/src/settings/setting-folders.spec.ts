import { mkdir, mkdtemp, readdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStore } from '@ferry/file-store';
import type { FileEntry, Page, Problem, Settings } from '@ferry/protocol';
import { ask, json } from '../http/testing/http-client';
import { filePart, form } from '../http/testing/multipart';
import { startShareNode, type ShareNode } from '../http/testing/share';

describe('folders in the settings', () => {
  let base: string;
  let node: ShareNode;

  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'ferry-folders-')));
    await start();
  });
  afterEach(async () => {
    await node.close();
    await rm(base, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    node = await startShareNode({
      FERRY_DATA_DIR: join(base, 'data'),
      FERRY_SHARED_DIR: join(base, 'shared'),
      FERRY_RECEIVED_DIR: join(base, 'received'),
    });
    await node.app.get(FileStore).firstScan;
  }
  const read = async () => JSON.parse((await ask(node.port, '/api/v1/settings')).text) as Settings;
  const change = async (patch: unknown) => {
    const { status, text } = await ask(node.port, '/api/v1/settings', json(patch, 'PATCH'));
    return { status, body: JSON.parse(text) as Settings & Problem };
  };
  const upload = async (name: string) => {
    const { status, text } = await ask(node.port, '/api/v1/files', form(filePart(name, name)));
    return { status, entry: JSON.parse(text) as FileEntry };
  };
  const names = async () => {
    const { text } = await ask(node.port, '/api/v1/files');
    return (JSON.parse(text) as Page<FileEntry>).items.map(({ name }) => name);
  };

  it('are changed while the node runs, and used again after a restart', async () => {
    await upload('old.txt');
    const other = join(base, 'other');
    expect(await change({ sharedDir: other })).toMatchObject({ status: 200, body: { sharedDir: other } });
    expect(await names()).toEqual([]);
    await upload('new.txt');
    expect((await readdir(other)).filter((name) => !name.startsWith('.'))).toEqual(['new.txt']);
    await node.close();
    await start();
    expect([(await read()).sharedDir, await names()]).toEqual([other, ['new.txt']]);
    expect((await change({ sharedDir: null })).body.sharedDir).toBe(join(base, 'shared'));
    await node.app.get(FileStore).entries.list({ scope: 'shared' });
    while ((await names()).length === 0);
    expect(await names()).toEqual(['old.txt']);
  });

  it('are changed together, whichever has to make room', async () => {
    const [sharedDir, receivedDir] = [join(base, 'received'), join(base, 'elsewhere')];
    expect((await change({ sharedDir, receivedDir })).status).toBe(200);
    expect(await read()).toMatchObject({ sharedDir, receivedDir });
  });

  it('stay as they are, both, when one of them is refused', async () => {
    const before = await read();
    const { entry: earlier } = await upload('earlier.txt');
    const { status, body } = await change({ sharedDir: join(base, 'other'), receivedDir: base, maxFileSize: 1 });
    expect([status, body.code]).toEqual([409, 'folder-unusable']);
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual(['/receivedDir']);
    expect(await read()).toEqual(before);
    expect(await readdir(base)).not.toContain('other');
    expect((await ask(node.port, `/api/v1/files/${earlier.id}`)).status).toBe(200); // nothing was changed and changed back
    const { entry } = await upload('still.txt');
    expect(await readdir(join(base, 'shared'))).toContain(entry.name);
  });

  it('never are, hold or lie in the data folder, also by a symlink', async () => {
    await symlink(base, join(base, 'link'));
    for (const sharedDir of [
      base,
      join(base, 'data'),
      join(base, 'data/x'),
      join(base, 'link'),
      join(base, 'link/data'),
      '/',
    ]) {
      const { status, body } = await change({ sharedDir });
      expect([sharedDir, status, body.code]).toEqual([sharedDir, 409, 'folder-unusable']);
      expect(body.detail).not.toContain(base);
    }
  });

  it('that are gone at a start are not made anew: the node runs and says so', async () => {
    const other = join(base, 'disk/other');
    await change({ sharedDir: other });
    await upload('kept.txt');
    await node.close();
    await rename(join(base, 'disk'), join(base, 'unplugged'));
    await mkdir(other, { recursive: true }); // where a disk was mounted
    await writeFile(join(other, 'private.txt'), 'of the disk below');
    await start();
    const [unusable] = node.app.get(FileStore).unusableFolders();
    expect(unusable).toMatchObject({ scope: 'shared' });
    expect((await upload('x.txt')).status).toBe(409);
    expect(await names()).toEqual(['kept.txt']);
    await rm(join(base, 'disk'), { recursive: true });
    await rename(join(base, 'unplugged'), join(base, 'disk'));
    expect((await change({ sharedDir: other })).status).toBe(200);
    expect((await upload('x.txt')).status).toBe(201);
    expect((await names()).sort()).toEqual(['kept.txt', 'x.txt']);
  });
});
