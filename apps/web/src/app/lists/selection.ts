import { computed, signal } from '@angular/core';

/** What is chosen of a list, also items that are not read into it any more. */
export class Selection<T extends { readonly id: string; readonly size: number }> {
  private readonly chosen = signal<ReadonlyMap<string, T>>(new Map());

  readonly items = computed(() => [...this.chosen().values()]);
  readonly count = computed(() => this.chosen().size);
  readonly bytes = computed(() => this.items().reduce((sum, { size }) => sum + size, 0));

  has(id: string): boolean {
    return this.chosen().has(id);
  }

  hasAll(items: readonly T[]): boolean {
    return items.length > 0 && items.every(({ id }) => this.chosen().has(id));
  }

  toggle(item: T): void {
    this.chosen.update((chosen) => {
      const next = new Map(chosen);
      if (!next.delete(item.id)) next.set(item.id, item);
      return next;
    });
  }

  /** Chooses all of them, or nothing at all when they are chosen already. */
  toggleAll(items: readonly T[]): void {
    if (this.hasAll(items)) this.clear();
    else this.add(items);
  }

  add(items: readonly T[]): void {
    this.chosen.update((chosen) => new Map([...chosen, ...items.map((item) => [item.id, item] as const)]));
  }

  /** Puts changed items in the place of the old ones; those that are not chosen are left out. */
  replace(items: readonly T[]): void {
    const changed = items.filter(({ id }) => this.has(id));
    if (changed.length > 0) this.add(changed);
  }

  remove(ids: Iterable<string>): void {
    const gone = new Set(ids);
    if (this.items().some(({ id }) => gone.has(id)))
      this.chosen.update((chosen) => new Map([...chosen].filter(([id]) => !gone.has(id))));
  }

  clear(): void {
    if (this.count() > 0) this.chosen.set(new Map());
  }
}
