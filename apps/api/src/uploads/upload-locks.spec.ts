import { UploadLocks } from './upload-locks';

describe('UploadLocks', () => {
  const never = new AbortController().signal;
  const ignore = () => undefined;

  it('are given in the order they were asked for, one at a time', async () => {
    const locks = new UploadLocks(10_000);
    const order: number[] = [];
    const work = async (number: number) => {
      const lock = locks.newLock('a');
      await lock.lock(never, ignore);
      order.push(number);
      await new Promise(setImmediate);
      order.push(number);
      await lock.unlock();
    };
    await Promise.all([1, 2, 3].map(work));
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('of other uploads are free', async () => {
    const locks = new UploadLocks(10_000);
    await locks.newLock('a').lock(never, ignore);
    await locks.newLock('b').lock(never, ignore);
  });

  it('are asked back from who holds them, and from the next one if somebody waits behind it', async () => {
    const locks = new UploadLocks(10_000);
    const asked: string[] = [];
    const [first, second, third] = ['1', '2', '3'].map((name) => ({ name, lock: locks.newLock('a') }));
    const take = (each: typeof first) => each?.lock.lock(never, () => void asked.push(each.name));
    await take(first);
    const [secondTurn, thirdTurn] = [take(second), take(third)];
    expect(asked).toEqual(['1', '1']);
    await first?.lock.unlock();
    await secondTurn;
    expect(asked).toEqual(['1', '1', '2']);
    await second?.lock.unlock();
    await thirdTurn;
    await third?.lock.unlock();
    await locks.newLock('a').lock(never, ignore);
  });

  it.each([
    ['waited long enough', new UploadLocks(20), never],
    ['went away', new UploadLocks(10_000), AbortSignal.timeout(20)],
  ])('are not given to who %s, and not lost by it', async (_how, locks, signal) => {
    const holder = locks.newLock('a');
    await holder.lock(never, ignore);
    await expect(locks.newLock('a').lock(signal, ignore)).rejects.toMatchObject({ code: 'upload-conflict' });
    await holder.unlock();
    await locks.newLock('a').lock(never, ignore);
  });
});
