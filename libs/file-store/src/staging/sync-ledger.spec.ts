import { MAX_UNSYNCED_BYTES, SYNC_AFTER_BYTES, SYNC_AFTER_MS } from '../limits';
import { SyncLedger } from './sync-ledger';

/** A disk whose syncs end when they are told to. */
class SlowDisk {
  readonly synced: (readonly number[])[] = [];
  private end: (() => void) | undefined;
  private fail: ((error: Error) => void) | undefined;
  readonly ledger = new SyncLedger((blocks) => {
    this.synced.push(blocks);
    return new Promise((resolve, reject) => ([this.end, this.fail] = [resolve, reject]));
  });

  async finish(error?: Error): Promise<void> {
    if (error) this.fail?.(error);
    else this.end?.();
    await jest.advanceTimersByTimeAsync(0);
  }
}

describe('the sync ledger', () => {
  let disk: SlowDisk;
  beforeEach(() => {
    jest.useFakeTimers();
    disk = new SlowDisk();
  });
  afterEach(() => jest.useRealTimers());

  it('syncs what was written 1.5 s ago, and at once what is much', () => {
    disk.ledger.wrote(0, 1);
    jest.advanceTimersByTime(SYNC_AFTER_MS - 1);
    expect(disk.synced).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(disk.synced).toEqual([[0]]);
  });

  it('syncs without delay what is much', () => {
    disk.ledger.wrote(0, 1);
    disk.ledger.wrote(1, SYNC_AFTER_BYTES - 1);
    expect(disk.synced).toEqual([[0, 1]]);
  });

  it('syncs right after a slow sync what had to wait its full time for it', async () => {
    disk.ledger.wrote(0, 1);
    jest.advanceTimersByTime(SYNC_AFTER_MS);
    disk.ledger.wrote(1, 1);
    jest.advanceTimersByTime(SYNC_AFTER_MS * 2);
    expect(disk.synced).toEqual([[0]]);
    await disk.finish();
    expect(disk.synced).toEqual([[0], [1]]);
  });

  it('holds writers back while too much is not safe', async () => {
    disk.ledger.wrote(0, MAX_UNSYNCED_BYTES);
    let isAdmitted = false;
    const admitted = disk.ledger.admit().then(() => (isAdmitted = true));
    await jest.advanceTimersByTimeAsync(SYNC_AFTER_MS);
    expect(isAdmitted).toBe(false);
    await disk.finish();
    await admitted;
  });

  it('admits and syncs nothing more after a sync that failed', async () => {
    disk.ledger.wrote(0, SYNC_AFTER_BYTES);
    await disk.finish(Object.assign(new Error('broken'), { code: 'EIO' }));
    const broken = { code: 'IO' };
    await expect(disk.ledger.admit()).rejects.toMatchObject(broken);
    disk.ledger.wrote(1, SYNC_AFTER_BYTES);
    await expect(disk.ledger.flush()).rejects.toMatchObject(broken);
    await expect(disk.ledger.commitRest(async () => undefined)).rejects.toMatchObject(broken);
    expect(disk.synced).toEqual([[0]]);
  });
});
