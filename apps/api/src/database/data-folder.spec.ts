import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@ferry/file-store';
import { openDataFolder, privately } from './data-folder';

const ALL_PRIVATE = { 'ferry.sqlite': '600', 'ferry.sqlite-wal': '600', 'ferry.sqlite-mark': '600' };
const describeWhereModesExist = process.platform === 'win32' ? describe.skip : describe;

describeWhereModesExist('openDataFolder', () => {
  let root: string;
  let folder: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ferry-data-'));
    folder = join(root, 'data');
  });
  afterEach(() => rm(root, { recursive: true }));

  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

  /** Opens the database as the node does, and changes something so that the log is there as well. */
  async function modesOfUse(): Promise<Record<string, string>> {
    const database = privately(() => Database.open(openDataFolder(folder)));
    database.migrate('spec', [`CREATE TABLE spec_${Date.now()} (id INTEGER)`]);
    const names = await readdir(folder);
    const modes = await Promise.all(names.map(async (name) => [name, await modeOf(join(folder, name))] as const));
    database.close();
    return Object.fromEntries(modes);
  }

  it('makes a folder and a database that only the owner can read', async () => {
    expect(await modesOfUse()).toEqual(ALL_PRIVATE);
    expect(await modeOf(folder)).toBe('700');
  });

  it('takes what others could read back from them', async () => {
    await mkdir(folder);
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'ferry.sqlite'), '');
    await chmod(join(folder, 'ferry.sqlite'), 0o644);
    expect(await modesOfUse()).toEqual(ALL_PRIVATE);
    expect(await modeOf(folder)).toBe('700');
  });

  it('changes the mask of the process only for a moment', () => {
    const before = process.umask();
    expect(() =>
      privately(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(process.umask()).toBe(before);
  });
});
