import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Root } from './root';

const DEEP = Array.from({ length: 60 }, (_, n) => `level ${n}`).join('/');

describe('Root', () => {
  let base: string;
  let root: Root;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'ferry-root-'));
    root = await Root.open('shared', join(base, 'share'));
  });
  afterEach(async () => {
    await root.close();
    await rm(base, { recursive: true });
  });

  const put = async (path: string, content: string) => {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), content);
  };
  const read = async (path: string) => {
    const { handle } = await root.openFile(path);
    try {
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  };
  const notFound = expect.objectContaining({ code: 'NOT_FOUND' }) as unknown;

  it.each(['file', 'a/file', 'a/b/c/file', `${DEEP}/file`])('opens %s', async (path) => {
    await put(`share/${path}`, 'content');
    expect(await read(path)).toBe('content');
    expect(await root.stat(path)).toMatchObject({ size: 7 });
  });

  it.each(['link/file', 'a/link/file', 'a/b/link/c/file', 'a/b/c/link'])('follows no link in %s', async (path) => {
    await put('outside/c/file', 'secret');
    await put('outside/file', 'secret');
    await mkdir(join(base, 'share/a/b/c'), { recursive: true });
    const link = path.slice(0, path.indexOf('link') + 4);
    await symlink(
      path.endsWith('link') ? join(base, 'outside/file') : join(base, 'outside'),
      join(base, 'share', link),
    );
    await expect(read(path)).rejects.toEqual(notFound);
    expect(await root.look(path.endsWith('link') ? `${path}/x` : path)).toBe('gone');
  });

  it('never follows a folder that is swapped for a link all the while', async () => {
    await put('outside/b/file', 'secret');
    await put('share/top/a/b/file', 'content');
    const [folder, aside] = [join(base, 'share/top/a'), join(base, 'share/top/aside')];
    let isDone = false;
    const swap = async () => {
      while (!isDone) {
        await rename(folder, aside);
        await symlink(join(base, 'outside'), folder);
        await rm(folder);
        await rename(aside, folder);
      }
    };
    const swapping = swap();
    const seen = new Set<string>();
    for (let n = 0; n < 400; n++) {
      seen.add(await read('top/a/b/file').catch((error: unknown) => (error as { code: string }).code));
    }
    isDone = true;
    await swapping;
    seen.delete('NOT_FOUND');
    expect([...seen]).toEqual(['content']);
  });

  it('stays with the folder that was opened, also when that is renamed', async () => {
    await put('share/a/b/file', 'content');
    await rename(join(base, 'share'), join(base, 'renamed'));
    await put('share/a/b/file', 'other');
    expect(await read('a/b/file')).toBe('content');
    expect(await readFile(join(base, 'share/a/b/file'), 'utf8')).toBe('other');
  });
});
