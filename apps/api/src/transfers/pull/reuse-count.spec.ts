import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@ferry/file-store';
import { TransferMeter } from '../progress/transfer-meter';
import { insertQueued } from '../testing/insert-queued';
import type { TransferFileRow } from '../transfer-rows';
import { TransfersRepository } from '../transfers.repository';
import { ReuseCount } from './reuse-count';

describe('ReuseCount', () => {
  let folder: string;
  let database: Database;
  let repository: TransfersRepository;
  let meter: TransferMeter;
  let id: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferry-reuse-'));
    database = Database.open(join(folder, 'ferry.sqlite'));
    repository = new TransfersRepository(database);
    meter = new TransferMeter(0, 0, 0);
    ({ id } = insertQueued(database, repository, 'x', [
      { entryId: 'a', path: 'a', kind: 'file', size: 100, fileId: null },
    ]));
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  const file = () => repository.nextFile(id, -1) as TransferFileRow;
  const begin = (stagedBytes: number) => ReuseCount.begin(repository, meter, file(), stagedBytes);
  const stored = () => [file().resumedBytes, file().reusedBytes];
  const shown = () => [meter.resumedBytes, meter.reusedBytes];

  it('counts what is found, and stores it', async () => {
    const count = await begin(0);
    count.add(30);
    count.add(20);
    expect(shown()).toEqual([0, 50]);
    await count.save();
    expect(stored()).toEqual([0, 50]);
    await count.save(); // nothing new
    expect(stored()).toEqual([0, 50]);
  });

  it('tells in the next run what was reused from what was sent, and never more than is there', async () => {
    const first = await begin(0);
    first.add(50);
    await first.save();
    await begin(80);
    expect([stored(), shown()]).toEqual([
      [30, 50],
      [30, 50],
    ]);
    const third = await begin(40); // the rest was not on the disk when the power went
    expect([stored(), shown()]).toEqual([
      [0, 40],
      [0, 40],
    ]);
    third.add(10);
    await third.save();
    expect(stored()).toEqual([0, 50]);
  });

  it('stores by itself while much is found', async () => {
    let now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const count = await begin(0);
    now += 1_000;
    count.add(7);
    clock.mockRestore();
    await repository.updateFile(id, 0, { state: 'running' }); // shares its transaction
    expect(stored()).toEqual([0, 7]);
  });
});
