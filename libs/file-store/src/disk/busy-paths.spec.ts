import { setImmediate as nextTurn } from 'node:timers/promises';
import { FileStoreError } from '../file-store-error';
import { BusyPaths } from './busy-paths';

describe('busy paths', () => {
  let busy: BusyPaths;
  let log: string[];
  beforeEach(() => {
    busy = new BusyPaths();
    log = [];
  });

  /** Notes when a promise is fulfilled. */
  const note = async <T>(name: string, promise: Promise<T>): Promise<T> => {
    const value = await promise;
    log.push(name);
    return value;
  };

  it('stand for what lies below them, until the last one lets go', () => {
    const [first, second] = [busy.hold('a/b'), busy.hold('a/b')];
    expect(['a/b', 'a/b/c/d', 'a', 'a/bc', 'b'].map((path) => busy.has(path))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    first();
    expect(busy.has('a/b/c')).toBe(true);
    second();
    expect(busy.has('a/b/c')).toBe(false);
  });

  it.each(['a/b', 'a/b/c', 'a'])('a/b is had alone only when %s was let go', async (other) => {
    const release = busy.hold(other);
    const alone = note('alone', busy.holdAlone('a/b'));
    await nextTurn();
    expect(log).toEqual([]);
    release();
    (await alone)();
  });

  it('nobody enters what one has alone or waits for, and everybody after it', async () => {
    const inside = await busy.enter('a/file');
    const alone = note('alone', busy.holdAlone('a', 'b'));
    const entered = [note('entered', busy.enter('a/other')), note('entered', busy.enter('b'))];
    await busy.enter('c');
    inside();
    const leave = await alone;
    await nextTurn();
    expect(log).toEqual(['alone']);
    leave();
    await Promise.all(entered);
  });

  it('two that each want the same paths alone have them one after the other', async () => {
    const first = await busy.holdAlone('a', 'b');
    const second = note('second', busy.holdAlone('b', 'a'));
    await nextTurn();
    expect(log).toEqual([]);
    first();
    (await second)();
    expect(busy.has('a')).toBe(false);
  });

  it('are all of them below the empty one', async () => {
    const inside = await busy.enter('a/file');
    const alone = note('alone', busy.holdAlone(''));
    await nextTurn();
    expect(log).toEqual([]);
    inside();
    const leave = await alone;
    expect(busy.has('any/path')).toBe(true);
    leave();
  });

  it('that are given up refuse those who wait and those who come', async () => {
    const first = await busy.holdAlone('a');
    const waiting = [busy.enter('a/file'), busy.holdAlone('a/b')];
    const refusal = new FileStoreError('FOLDER_UNUSABLE', 'given up');
    busy.refuse(refusal);
    for (const each of [...waiting, busy.enter('c')]) await expect(each).rejects.toBe(refusal);
    first();
  });
});
