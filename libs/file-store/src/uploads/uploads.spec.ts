import { readFile } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { madeFile } from '../testing/content';
import { StoreFolder } from '../testing/store-folder';

const LIMITS = { maxFileSize: 1_000, allowedExtensions: ['txt'], blockedExtensions: ['exe'] };
const OURS = ['.ferry-staging', '.ferry-trash'];

describe('uploads', () => {
  let folder: StoreFolder;

  beforeEach(async () => {
    folder = await StoreFolder.create();
    await folder.open(LIMITS);
  });
  afterEach(() => folder.remove());

  const upload = async (text: string, name: string, path?: string) => {
    const target = path === undefined ? { name } : { name, path };
    return madeFile(await folder.store.addUpload(Readable.from([Buffer.from(text)]), target));
  };
  const names = () => folder.namesIn(folder.shared());

  it('are listed at once and hashed then', async () => {
    const entry = await upload('hello', 'hello.txt');
    expect(entry).toMatchObject({ path: 'hello.txt', size: 5, scope: 'shared', visibility: 'all-paired' });
    expect(folder.store.entries.get(entry.id).path).toBe('hello.txt');
    expect((await folder.sharedEntry('hello.txt')).id).toBe(entry.id);
    expect(folder.changes.filter(({ type }) => type === 'added')).toHaveLength(1);
    expect(await names()).toEqual([...OURS, 'hello.txt']);
  });

  it('go to a folder, or to a whole path', async () => {
    expect((await upload('x', 'a.txt', 'one/two/')).path).toBe('one/two/a.txt');
    expect((await upload('x', 'a.txt', 'one/b.txt')).path).toBe('one/b.txt');
    expect((await upload('', 'empty.txt')).size).toBe(0);
  });

  it('never overwrite, also when they come at once', async () => {
    const entries = await Promise.all(['one', 'two', 'three'].map((text) => upload(text, 'same.txt')));
    expect(entries.map(({ path }) => path).sort()).toEqual(['same (2).txt', 'same (3).txt', 'same.txt']);
    const texts = await Promise.all(entries.map(({ path }) => readFile(folder.shared(path), 'utf8')));
    expect(texts).toEqual(['one', 'two', 'three']);
  });

  it.each([
    ['../up.txt', 'UNSAFE_NAME'],
    ['a\nb.txt', 'UNSAFE_NAME'],
    ['program.exe', 'EXTENSION_NOT_ALLOWED'],
    ['picture.png', 'EXTENSION_NOT_ALLOWED'],
  ])('of %j are refused with %s before a byte is read', async (name, code) => {
    const source = new PassThrough(); // would never end
    await expect(folder.store.addUpload(source, { name })).rejects.toMatchObject({ code });
    expect(source.destroyed).toBe(true);
    expect(await names()).toEqual(OURS);
  });

  it('over the size limit are cut off and leave nothing', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(300);
      })(),
    );
    await expect(folder.store.addUpload(endless, { name: 'a.txt' })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(endless.destroyed).toBe(true);
    expect(await names()).toEqual(OURS);
    expect((await upload('x'.repeat(1_000), 'just-fits.txt')).size).toBe(1_000);
  });

  it('that are called off or break leave nothing', async () => {
    const source = new PassThrough();
    const caller = new AbortController();
    const aborted = folder.store.addUpload(source, { name: 'a.txt' }, caller.signal);
    source.write('some');
    caller.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });

    const broken = new PassThrough();
    const failed = folder.store.addUpload(broken, { name: 'a.txt', path: 'folder/a.txt' });
    broken.write('some');
    broken.destroy(new Error('connection lost'));
    await expect(failed).rejects.toThrow('connection lost');
    expect(await names()).toEqual(OURS);
    expect(folder.store.entries.totals('all').files).toBe(0);
  });

  it('follow new limits', async () => {
    folder.store.setLimits({ ...LIMITS, allowedExtensions: ['*'] });
    expect((await upload('x', 'picture.png')).mediaType).toBe('image/png');
  });
});
