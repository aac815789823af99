import type { Page } from '@ferry/protocol';
import { ProblemError } from '../http/problem-error';
import { PagedList } from './paged-list';

interface Item {
  readonly id: string;
  readonly word?: string;
}

const page = (ids: string[], nextCursor: string | null = null, total = ids.length): Page<Item> => ({
  items: ids.map((id) => ({ id })),
  nextCursor,
  total,
});

const idsOf = (list: PagedList<Item>): string[] => list.items().map(({ id }) => id);

describe('PagedList', () => {
  it('reads page after page until the last', async () => {
    const pages = [page(['a', 'b'], 'next', 3), page(['c'], null, 3)];
    const cursors: (string | undefined)[] = [];
    const list = new PagedList<Item>(async ({ cursor }) => {
      cursors.push(cursor);
      return pages[cursors.length - 1] ?? page([]);
    });
    await list.load();
    expect(list.hasMore()).toBe(true);
    await list.loadMore();
    await list.loadMore();
    expect(idsOf(list)).toEqual(['a', 'b', 'c']);
    expect(cursors).toEqual([undefined, 'next']);
    expect(list.total()).toBe(3);
  });

  it('drops a late answer to an older question', async () => {
    const answers: ((answer: Page<Item>) => void)[] = [];
    const list = new PagedList<Item>(() => new Promise((resolve) => answers.push(resolve)));
    const first = list.load();
    const second = list.load();
    answers[1]?.(page(['new']));
    answers[0]?.(page(['old']));
    await Promise.all([first, second]);
    expect(idsOf(list)).toEqual(['new']);
  });

  it('keeps what is shown while it reads again', async () => {
    const list = new PagedList<Item>(async () => page(['a']));
    await list.load();
    const refreshed = list.refresh();
    expect(list.phase()).toBe('ready');
    expect(idsOf(list)).toEqual(['a']);
    await refreshed;
    expect(idsOf(list)).toEqual(['a']);
  });

  it('tells the sentence of a failure and recovers on the next try', async () => {
    let fails = true;
    const list = new PagedList<Item>(async () => {
      if (fails) throw new ProblemError('peer-offline', 'Maple is offline.');
      return page([]);
    });
    await list.load();
    expect([list.phase(), list.error()]).toEqual(['failed', 'Maple is offline.']);
    fails = false;
    await list.refresh();
    expect(list.isEmpty()).toBe(true);
    expect(list.error()).toBeNull();
  });

  it('applies live changes without doubles', async () => {
    const list = new PagedList<Item>(async () => page(['a', 'b'], null, 2));
    await list.load();
    list.prepend({ id: 'c' });
    list.prepend({ id: 'c', word: 'again' });
    list.replace({ id: 'a', word: 'changed' });
    list.replace({ id: 'unknown' });
    list.remove('b');
    list.remove('b');
    expect(list.items()).toEqual([
      { id: 'c', word: 'again' },
      { id: 'a', word: 'changed' },
    ]);
    expect(list.total()).toBe(2);
  });
});
