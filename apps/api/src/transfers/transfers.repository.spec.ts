import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@ferry/file-store';
import { insertQueued } from './testing/insert-queued';
import { TransfersRepository, type NewTransferFile } from './transfers.repository';

const FILES: readonly NewTransferFile[] = [
  { entryId: 'a', path: 'one.txt', kind: 'file', size: 10, fileId: 'f1' },
  { entryId: 'b', path: 'sub/two.txt', kind: 'file', size: 32, fileId: null },
];

describe('TransfersRepository', () => {
  let folder: string;
  let database: Database;
  let repository: TransfersRepository;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferry-transfers-'));
    database = Database.open(join(folder, 'ferry.sqlite'));
    repository = new TransfersRepository(database);
  });

  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  const insert = (name: string, files: readonly NewTransferFile[]) => insertQueued(database, repository, name, files);

  it('stores a queued transfer with its files', () => {
    const row = insert('one.txt and 1 more', FILES);
    expect(row).toMatchObject({
      state: 'queued',
      filesTotal: 2,
      filesDone: 0,
      totalBytes: 42,
      verifiedBytes: 0,
      finishedAt: null,
    });
    expect(repository.nextFile(row.id, -1)).toMatchObject({ position: 0, entryId: 'a', state: 'pending' });
  });

  it('counts a finished file in its transfer and goes on with the next', async () => {
    const { id } = insert('x', FILES);
    await repository.completeFile(id, 0, 'one (2).txt');
    expect(repository.find(id)).toMatchObject({ filesDone: 1 });
    expect(repository.nextFile(id, -1)?.position).toBe(1);
    expect(repository.nextFile(id, 1)).toBeUndefined();
    await repository.completeFile(id, 1, 'sub/two.txt');
    expect(repository.nextFile(id, -1)).toBeUndefined();
    expect(repository.listFiles(id, {}).items.map(({ publishedPath }) => publishedPath)).toEqual([
      'one (2).txt',
      'sub/two.txt',
    ]);
  });

  it('sums what is complete and what was resumed', async () => {
    const { id } = insert('x', FILES);
    await repository.completeFile(id, 1, 'sub/two.txt');
    await repository.updateFile(id, 0, { resumedBytes: 4, reusedBytes: 2, state: 'running' });
    expect(repository.sums(id)).toEqual({ totalBytes: 42, completeBytes: 32, resumedBytes: 4, reusedBytes: 2 });
    expect(repository.unfinishedPositions(id)).toEqual([0]);
  });

  it('passes over failed files, tells them, and gives them another chance', async () => {
    const fault = { code: 'extension-not-allowed', detail: '.exe files are not accepted' };
    const { id } = insert('x', [{ ...(FILES[0] as (typeof FILES)[0]), fault }, ...FILES.slice(1)]);
    expect(repository.nextFile(id, -1)?.position).toBe(1);
    await repository.updateFile(id, 1, { state: 'failed', errorCode: 'file-changed', errorDetail: 'It changed.' });
    expect(repository.failures(id)).toEqual({ count: 2, path: 'one.txt', ...fault });
    repository.resetFailed(id);
    expect(repository.failures(id)).toBeUndefined();
    expect(repository.nextFile(id, -1)).toMatchObject({ position: 0, errorCode: null, errorDetail: null });
  });

  it('writes null where a patch says null, and leaves the rest', () => {
    const { id } = insert('x', FILES);
    repository.update(id, { errorCode: 'file-changed', errorDetail: 'It changed.' });
    repository.update(id, { errorCode: null, state: 'failed' });
    expect(repository.find(id)).toMatchObject({ errorCode: null, errorDetail: 'It changed.', state: 'failed' });
  });

  it('pages newest first without a gap or a repetition while new ones come', () => {
    const ids = Array.from({ length: 25 }, (_, index) => insert(`file ${index}`, FILES).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = repository.list({ limit: 10, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      insert('new meanwhile', FILES);
    } while (cursor);
    expect(seen).toEqual([...ids].reverse());
  });

  it('filters by state and by part of the name, and counts under the filter', () => {
    const { id } = insert('Holiday.mp4', FILES);
    insert('other', FILES);
    repository.update(id, { state: 'complete' });
    expect(repository.list({ states: ['complete'] })).toMatchObject({ total: 1, items: [{ id }] });
    expect(repository.list({ q: 'HOLI' })).toMatchObject({ total: 1, items: [{ id }] });
    expect(repository.list({ q: '%' }).total).toBe(0);
    expect(repository.count(['queued', 'complete'])).toBe(2);
    expect(repository.idsIn(['queued', 'complete'], 'NOBODY')).toEqual([]);
  });

  it('refuses a cursor that it never gave', () => {
    expect(() => repository.list({ cursor: '1; DROP' })).toThrow(expect.objectContaining({ code: 'BAD_CURSOR' }));
  });

  it('takes nothing of a skipped file for something that is to come', async () => {
    const { id } = insert('x', FILES);
    await repository.skipFile(id, 1);
    expect(repository.find(id)).toMatchObject({ filesDone: 1, totalBytes: 10 });
    expect(repository.sums(id).totalBytes).toBe(10);
    expect(repository.nextFile(id, 0)).toBeUndefined();
  });

  it('takes the files of a deleted transfer with it, however many they are', async () => {
    const [file] = FILES as [NewTransferFile];
    const { id } = insert(
      'x',
      Array.from({ length: 5_000 }, (_, index) => ({ ...file, entryId: String(index) })),
    );
    const deleted = repository.delete(id);
    expect(repository.list({}).total).toBe(0);
    await deleted;
    expect(repository.find(id)).toBeUndefined();
    expect(repository.listFiles(id, {}).total).toBe(0);
  });
});
