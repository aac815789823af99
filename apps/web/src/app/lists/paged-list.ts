import { computed, signal } from '@angular/core';
import type { ListQuery, Page } from '@ferry/protocol';
import { sentenceOf } from '../http/sentence-of';

const PAGE_LIMIT = 100;
const MAX_LIMIT = 1000;

export type ListPhase = 'loading' | 'ready' | 'loading-more' | 'failed';

interface ListState<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly phase: ListPhase;
  readonly error: string | null;
}

/**
 * A list read page by page, newest answer wins: a late answer to an older question is dropped.
 * @param fetch reads one page; every query but cursor and limit is its own affair.
 */
export class PagedList<T extends { readonly id: string }> {
  private readonly state = signal<ListState<T>>({
    items: [],
    nextCursor: null,
    total: 0,
    phase: 'loading',
    error: null,
  });
  private question = 0;

  readonly items = computed(() => this.state().items);
  readonly total = computed(() => this.state().total);
  readonly phase = computed(() => this.state().phase);
  readonly error = computed(() => this.state().error);
  readonly hasMore = computed(() => this.state().nextCursor !== null);
  readonly isEmpty = computed(() => this.state().phase === 'ready' && this.state().items.length === 0);

  constructor(private readonly fetch: (page: Pick<ListQuery, 'cursor' | 'limit'>) => Promise<Page<T>>) {}

  /** Reads the first page and shows the loading state meanwhile. */
  async load(): Promise<void> {
    this.patch({ items: [], nextCursor: null, total: 0, phase: 'loading', error: null });
    await this.ask({ limit: PAGE_LIMIT }, () => []);
  }

  /** Reads again what is shown, without hiding it meanwhile. */
  async refresh(): Promise<void> {
    const shown = this.state().items.length;
    if (this.phase() === 'failed' && shown === 0) return this.load();
    await this.ask({ limit: Math.min(MAX_LIMIT, Math.max(PAGE_LIMIT, shown)) }, () => []);
  }

  async loadMore(): Promise<void> {
    const { nextCursor, phase } = this.state();
    if (nextCursor === null || phase === 'loading-more' || phase === 'loading') return;
    this.patch({ phase: 'loading-more', error: null });
    await this.ask({ cursor: nextCursor, limit: PAGE_LIMIT }, () => this.state().items);
  }

  /** Puts a changed item in the place of the old one; an unknown one is left out. */
  replace(item: T): void {
    const { items } = this.state();
    if (items.some(({ id }) => id === item.id))
      this.patch({ items: items.map((old) => (old.id === item.id ? item : old)) });
  }

  /** Changes one item in its place, if it is here. */
  update(id: string, change: (item: T) => T): void {
    const item = this.state().items.find((one) => one.id === id);
    if (item) this.replace(change(item));
  }

  /** Adds a new item in front, or in its place if it is known already. */
  prepend(item: T): void {
    const { items, total } = this.state();
    if (items.some(({ id }) => id === item.id)) this.replace(item);
    else this.patch({ items: [item, ...items], total: total + 1 });
  }

  remove(id: string): void {
    const { items, total } = this.state();
    const left = items.filter((item) => item.id !== id);
    if (left.length < items.length) this.patch({ items: left, total: Math.max(left.length, total - 1) });
  }

  private async ask(page: Pick<ListQuery, 'cursor' | 'limit'>, before: () => readonly T[]): Promise<void> {
    const question = ++this.question;
    try {
      const { items, nextCursor, total } = await this.fetch(page);
      if (question !== this.question) return;
      this.patch({ items: joinUnique(before(), items), nextCursor, total, phase: 'ready', error: null });
    } catch (error) {
      if (question === this.question) this.patch({ phase: 'failed', error: sentenceOf(error) });
    }
  }

  private patch(change: Partial<ListState<T>>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}

/** Live events may have added an item that a later page holds again. */
function joinUnique<T extends { readonly id: string }>(first: readonly T[], second: readonly T[]): readonly T[] {
  const known = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !known.has(id))];
}
