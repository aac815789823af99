import type { FileEntry, FileScope } from '@ferry/protocol';

/** Peers by device id, or every paired one. */
export type Audience = 'all-paired' | readonly string[];

/** What happened to the list of entries. */
export type EntryChange = (
  | { readonly type: 'added' | 'changed'; readonly entry: FileEntry }
  | { readonly type: 'removed'; readonly id: string; readonly scope: FileScope }
) & {
  /** Who may see the entry, or might before. */
  readonly audience: Audience;
};

export type EntryChangeListener = (change: EntryChange) => void;

/** Hands changes of the list to those who listen, in order. */
export class EntryChanges {
  private readonly listeners = new Set<EntryChangeListener>();

  /** @returns the function that ends the subscription. */
  onChange(listener: EntryChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(change: EntryChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

/** Everybody of either. */
export function joinAudiences(one: Audience, other: Audience): Audience {
  if (one === 'all-paired' || other === 'all-paired') return 'all-paired';
  return [...new Set([...one, ...other])];
}
