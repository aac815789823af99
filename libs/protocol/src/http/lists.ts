/** One keyset page of a list. Source: DESIGN section 6. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; `null` on the last page. */
  readonly nextCursor: string | null;
  /** Items in the whole list, under the same filter. */
  readonly total: number;
}

/** Query of every list. */
export interface ListQuery {
  /** 1..1000; default 100. */
  readonly limit?: number;
  readonly cursor?: string;
  /** A column of the list's whitelist, descending with a leading `-`. */
  readonly sort?: string;
  /** Case-insensitive part of the name. */
  readonly q?: string;
}

export const DEFAULT_PAGE_LIMIT = 100;
export const MAX_PAGE_LIMIT = 1000;
