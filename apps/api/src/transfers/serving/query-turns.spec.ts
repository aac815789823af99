import { setImmediate } from 'node:timers/promises';
import { QueryTurns } from './query-turns';

describe('QueryTurns', () => {
  const never = new AbortController().signal;

  it('lets other work in between two queries that were asked for at once', async () => {
    const turns = new QueryTurns();
    const order: string[] = [];
    const queries = ['a', 'b', 'c'].map((name) => turns.next(never).then(() => order.push(name)));
    const other = (async () => {
      for (let turn = 0; turn < 3; turn++) await setImmediate().then(() => order.push('other'));
    })();
    await Promise.all([...queries, other]);
    expect(order.filter((name) => name !== 'other')).toEqual(['a', 'b', 'c']);
    expect(order.indexOf('other')).toBeLessThan(order.indexOf('c'));
  });

  it('passes over who has cancelled', async () => {
    const turns = new QueryTurns();
    const reason = new Error('cancelled');
    await expect(turns.next(AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(turns.next(never)).resolves.toBeUndefined();
  });
});
