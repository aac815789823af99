import { mkdir, rename } from 'node:fs/promises';
import type { FileEntry } from '@ferry/protocol';
import { Database } from '../database/database';
import { StoreFolder } from '../testing/store-folder';

const [ANNA, BERT] = ['ANNA', 'BERT'];

describe('who may see a folder', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    for (const path of ['a/b/one.txt', 'a/two.txt', 'three.txt']) await folder.share(path, path);
    await mkdir(folder.shared('a/empty'));
    await folder.open();
  });
  afterEach(() => folder.remove());

  const entries = () => folder.store.entries;
  const at = (path: string) => entries().at('shared', path) as FileEntry;
  const seenBy = (viewer?: string) =>
    entries()
      .list({ scope: 'all', viewer })
      .items.map(({ path }) => path)
      .sort();

  it('may see all that lies below it, and what comes into it', async () => {
    await entries().setVisibility(at('a').id, 'chosen', [ANNA]);
    expect(seenBy(BERT)).toEqual(['three.txt']);
    expect(seenBy(ANNA)).toEqual(seenBy());
    await folder.share('a/b/c/new.txt', 'new');
    expect(await folder.sharedEntry('a/b/c/new.txt')).toMatchObject({ visibility: 'chosen', visibleTo: [ANNA] });
    expect(seenBy(BERT)).toEqual(['three.txt']);
    await entries().setVisibility(at('a').id, 'all-paired');
    expect(seenBy(BERT)).toEqual(seenBy());
    expect(at('a/b/c/new.txt').visibility).toBe('all-paired');
  });

  it('is decided by the nearest folder for which it was set', async () => {
    await entries().setVisibility(at('a').id, 'none');
    await entries().setVisibility(at('a/b').id, 'all-paired');
    await folder.share('a/b/open.txt', 'open');
    await folder.share('a/closed.txt', 'closed');
    expect((await folder.sharedEntry('a/b/open.txt')).visibility).toBe('all-paired');
    expect((await folder.sharedEntry('a/closed.txt')).visibility).toBe('none');
  });

  it('holds for what is moved into it, unless that was set itself', async () => {
    await entries().setVisibility(at('a').id, 'none');
    await entries().setVisibility(at('three.txt').id, 'chosen', [ANNA]);
    await folder.share('four.txt', 'four');
    await folder.sharedEntry('four.txt');
    await rename(folder.shared('four.txt'), folder.shared('a/four.txt'));
    await rename(folder.shared('three.txt'), folder.shared('a/three.txt'));
    const [four, three] = [await folder.sharedEntry('a/four.txt'), await folder.sharedEntry('a/three.txt')];
    expect([four.visibility, three.visibility]).toEqual(['none', 'chosen']);
    expect(seenBy(BERT)).toEqual([]);
  });

  it('goes on to be spread after a restart', async () => {
    const { id } = at('a');
    await folder.close();
    const database = Database.open(`${folder.base}/data/ferry.sqlite`); // as a crash after the first step leaves it
    database.prepare(`UPDATE entry SET visibility = 'none' WHERE id = ?`).run(id);
    database.prepare('INSERT INTO visibility_spread SELECT row_id FROM entry WHERE id = ?').run(id);
    database.close();
    await folder.open();
    await folder.eventually(() => (seenBy(BERT).join() === 'three.txt' ? true : undefined));
  });

  it('is told numbers that give nothing away of what is hidden', async () => {
    await entries().setVisibility(at('a/two.txt').id, 'chosen', [ANNA]);
    const numbers = (viewer?: string) =>
      entries()
        .list({ scope: 'shared', folder: '', kind: 'folder', viewer })
        .items.map(({ fileCount, size }) => [fileCount, size]);
    expect([numbers(), numbers(ANNA), numbers(BERT)]).toEqual([[[2, 20]], [[2, 20]], [[1, 11]]]);
  });

  it('is asked when all below a folder is read', async () => {
    await entries().setVisibility(at('a/b').id, 'none');
    const below: string[] = [];
    for await (const page of entries().below(at('a').id, BERT)) below.push(...page.map(({ path }) => path));
    expect(below).toEqual(['a/empty', 'a/two.txt']);
  });
});
