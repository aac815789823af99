import { link, stat, writeFile } from 'node:fs/promises';
import { OURS, UPLOAD_LIMITS, resumableIn } from '../testing/resumable';
import { StoreFolder } from '../testing/store-folder';

describe('resumable uploads after a crash', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.open(UPLOAD_LIMITS);
  });
  afterEach(() => folder.remove());

  const { begin, append, finish, names, textOf } = resumableIn(() => folder);

  const path = 'digits.txt';
  /** The row as it was at some step, and the disk to go with it. */
  const crashAt = async (id: string, state: string, inode: number | null) => {
    const sql = 'UPDATE upload SET state = ?, final_path = ?, inode = ?, entry_id = NULL WHERE id = ?';
    folder.database.prepare(sql).run(state, state === 'writing' ? null : path, inode, id);
    await folder.close();
  };
  const openAndFinish = async (id: string) => {
    await folder.open(UPLOAD_LIMITS);
    return finish(id);
  };
  const whole = async () => {
    const id = await begin();
    await append(id, 0, '0123456789');
    return id;
  };

  it('before publishing, what is whole is published at the next start', async () => {
    const id = await whole();
    await folder.close();
    await folder.open(UPLOAD_LIMITS);
    expect((await folder.sharedEntry(path)).size).toBe(10);
    expect((await finish(id)).path).toBe(path);
  });

  it('with a final name but no file there, it is published', async () => {
    const id = await whole();
    const { ino } = await stat(folder.shared(`.ferry-staging/resumable-${id}.part`));
    await crashAt(id, 'publishing', ino);
    expect((await openAndFinish(id)).path).toBe(path);
    expect(await names()).toEqual([...OURS, path]);
  });

  it.each(['both names', 'the final name alone'])(
    'after the link, with %s, it is not published twice',
    async (left) => {
      const id = await whole();
      await finish(id);
      const { ino } = await stat(folder.shared(path));
      const part = folder.shared(`.ferry-staging/resumable-${id}.part`);
      if (left === 'both names') await link(folder.shared(path), part);
      await crashAt(id, 'publishing', ino);
      expect((await openAndFinish(id)).path).toBe(path);
      expect(await names()).toEqual([...OURS, path]);
    },
  );

  it('another file under the final name is not taken for the upload', async () => {
    const id = await whole();
    const { ino } = await stat(folder.shared(`.ferry-staging/resumable-${id}.part`));
    await crashAt(id, 'publishing', ino);
    await writeFile(folder.shared(path), 'somebody!!');
    expect((await openAndFinish(id)).path).toBe('digits (2).txt');
    expect(await textOf(path)).toBe('somebody!!');
  });
});
