import { cp, link, rename, rm, unlink, writeFile } from 'node:fs/promises';
import type { EntryVisibility } from '@ferry/protocol';
import { StoreFolder } from '../testing/store-folder';

const [ANNA, BERT] = ['ANNA', 'BERT'];

describe('who may see an entry', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.share('file.txt', 'content');
    await folder.open();
  });
  afterEach(() => folder.remove());

  const entries = () => folder.store.entries;
  const file = () => folder.sharedEntry('file.txt');
  const seenBy = (viewer?: string) =>
    entries()
      .list({ scope: 'all', viewer })
      .items.map(({ path }) => path);
  const show = async (visibility: EntryVisibility, ...visibleTo: string[]) =>
    entries().setVisibility((await file()).id, visibility, visibleTo);

  it('is everybody at first, whoever was chosen, or nobody', async () => {
    expect((await file()).visibility).toBe('all-paired');
    expect([seenBy(ANNA), seenBy(BERT)]).toEqual([['file.txt'], ['file.txt']]);
    expect(await show('chosen', BERT, ANNA, BERT)).toMatchObject({ visibility: 'chosen', visibleTo: [ANNA, BERT] });
    expect(await show('chosen', ANNA)).toEqual(await file());
    expect([seenBy(ANNA), seenBy(BERT), seenBy()]).toEqual([['file.txt'], [], ['file.txt']]);
    expect(await show('none', ANNA)).not.toHaveProperty('visibleTo');
    expect([seenBy(ANNA), seenBy(BERT), seenBy()]).toEqual([[], [], ['file.txt']]);
    expect((await show('chosen')).visibleTo).toEqual([]);
    expect(seenBy(ANNA)).toEqual([]);
  });

  it('is asked when content is looked up', async () => {
    const { id, fileId = '' } = await file();
    const found = (viewer?: string) => entries().findByFileId(fileId, 'all', viewer)?.id;
    expect(found(BERT)).toBe(id);
    await show('chosen', ANNA);
    expect([found(), found(ANNA), found(BERT)]).toEqual([id, id, undefined]);
    await folder.share('copy.txt', 'content');
    const copy = await folder.sharedEntry('copy.txt');
    expect(found(BERT)).toBe(copy.id);
    expect(entries().idsByFileId(fileId).sort()).toEqual([id, copy.id].sort());
  });

  it('stays over a restart, new content and the trash', async () => {
    const shown = await show('chosen', ANNA);
    await folder.reopen();
    expect(await file()).toEqual(shown);
    await folder.share('file.txt', 'other content');
    const changed = await folder.sharedEntry('file.txt', (entry) => entry.state === 'ready' && entry.size > shown.size);
    expect(changed).toMatchObject({ id: shown.id, visibility: 'chosen', visibleTo: [ANNA] });
    await folder.store.trash(shown.id);
    expect(entries().list({ scope: 'all', viewer: ANNA })).toMatchObject({ items: [], total: 0 });
    expect(await folder.store.restore(shown.id)).toEqual(changed);
    expect(entries().list({ scope: 'all', viewer: ANNA })).toMatchObject({ items: [changed], total: 1 });
  });

  it.each([
    ['chosen', [ANNA]],
    ['none', undefined],
  ] as const)('stays %s under a new name', async (visibility, visibleTo) => {
    await show(visibility, ANNA);
    await rename(folder.shared('file.txt'), folder.shared('renamed.txt'));
    const renamed = await folder.sharedEntry('renamed.txt');
    expect([renamed.visibility, renamed.visibleTo]).toEqual([visibility, visibleTo]);
  });

  it('stays when a file was renamed and changed while nobody looked', async () => {
    await show('none');
    await folder.close();
    await rename(folder.shared('file.txt'), folder.shared('renamed.txt'));
    await writeFile(folder.shared('renamed.txt'), 'changed as well');
    await folder.open();
    expect((await folder.sharedEntry('renamed.txt')).visibility).toBe('none');
  });

  it('stays when a file is gone for a while, for instance because its disk was not there at a start', async () => {
    await folder.share('other.txt', 'other');
    await entries().setVisibility((await folder.sharedEntry('other.txt')).id, 'none');
    await show('chosen', ANNA, BERT);
    await folder.close();
    await rename(folder.shared(), `${folder.shared()}-away`);
    await folder.open();
    expect(entries().totals('shared').files).toBe(0);
    await entries().forgetViewer(BERT);
    await folder.close();
    await rm(folder.shared(), { recursive: true });
    await cp(`${folder.shared()}-away`, folder.shared(), { recursive: true }); // with other inodes
    await folder.open();
    expect(await file()).toMatchObject({ visibility: 'chosen', visibleTo: [ANNA] });
    expect((await folder.sharedEntry('other.txt')).visibility).toBe('none');
    expect(seenBy(BERT)).toEqual([]);
  });

  it('is the same for a second name of the file', async () => {
    await show('chosen', ANNA);
    await link(folder.shared('file.txt'), folder.shared('second.txt'));
    expect(await folder.sharedEntry('second.txt')).toMatchObject({ visibility: 'chosen', visibleTo: [ANNA] });
  });

  it('ends for a forgotten peer everywhere, in the trash too', async () => {
    await folder.share('trashed.txt', 'trashed');
    const { id } = await folder.sharedEntry('trashed.txt');
    await entries().setVisibility(id, 'chosen', [ANNA]);
    await folder.store.trash(id);
    await show('chosen', ANNA, BERT);
    folder.changes.length = 0;
    await entries().forgetViewer(ANNA);
    expect(folder.changes).toMatchObject([{ type: 'changed', entry: { path: 'file.txt', visibleTo: [BERT] } }]);
    expect((await folder.store.restore(id)).visibleTo).toEqual([]);
    expect([seenBy(ANNA), seenBy(BERT)]).toEqual([[], ['file.txt']]);
  });

  it('is told with each change: who may see it, or might before', async () => {
    await file();
    folder.changes.length = 0;
    await show('chosen', ANNA);
    await show('chosen', BERT);
    await show('none');
    await show('none');
    await show('chosen', ANNA);
    await unlink(folder.shared('file.txt'));
    await folder.eventually(() => folder.changes.find(({ type }) => type === 'removed'));
    expect(folder.changes.map(({ audience }) => audience)).toEqual([
      'all-paired',
      [BERT, ANNA],
      [BERT],
      [],
      [ANNA],
      [ANNA],
    ]);
  });
});
