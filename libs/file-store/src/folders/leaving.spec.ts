import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { StoreFolder } from '../testing/store-folder';

describe('a folder that is left or only looked at', () => {
  let folder: StoreFolder;
  let other: string;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    other = join(folder.base, 'other');
    await folder.share('old.txt', 'old');
    await folder.open();
  });
  afterEach(() => folder.remove());

  it('holds nothing of ours, also when an upload was under way', async () => {
    const source = new PassThrough();
    const failed = expect(folder.store.addUpload(source, { name: 'slow.txt' })).rejects.toMatchObject({
      code: 'FOLDER_UNUSABLE',
    });
    source.write('first');
    await folder.store.changeFolder('shared', other);
    await failed;
    expect(await readdir(folder.shared())).toEqual(['old.txt']);
    await folder.store.changeFolder('shared', folder.shared());
    expect(await readdir(other)).toEqual([]);
    await folder.sharedEntry('old.txt');
  });

  it('keeps what is unfinished and what was deleted', async () => {
    const upload = { id: 'a'.repeat(32), path: 'x.txt', size: 3, onConflict: 'keep-both', metadata: '' } as const;
    await folder.store.resumable.create(upload);
    await folder.store.trash((await folder.sharedEntry('old.txt')).id);
    await folder.store.changeFolder('shared', other);
    expect(await readdir(folder.shared())).toEqual(['.ferry-staging', '.ferry-trash']);
    expect(await readdir(folder.shared('.ferry-staging'))).toHaveLength(1);
  });

  it('is checked without a trace: what is missing is not made, what is in use stays in use', async () => {
    await folder.store.checkFolder('shared', join(other, 'deep/er'), folder.received());
    await folder.store.checkFolder('shared', folder.received(), other);
    await expect(folder.store.checkFolder('shared', other, join(other, 'below'))).rejects.toMatchObject({
      code: 'FOLDER_UNUSABLE',
    });
    await expect(
      folder.store.checkFolder('received', folder.shared('old.txt/x'), folder.received()),
    ).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
    expect((await readdir(folder.base)).sort()).toEqual(['data', 'received', 'shared']);
    expect(await readdir(folder.received())).toEqual(['.ferry-staging', '.ferry-trash']);
    await mkdir(other);
    await writeFile(join(other, 'x.txt'), 'x');
    await folder.store.checkFolder('received', other, folder.shared());
    expect(await readdir(other)).toEqual(['x.txt']);
  });
});
