/**
 * Does `work` for all items, a few at a time. Nothing is under way any more when it returns or throws, so that what the work uses can be
 * closed then.
 * @throws what the first `work` that failed threw; AbortError.
 */
export async function inLanes<T>(
  lanes: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let next = 0;
  let failure: unknown;
  const lane = async (): Promise<void> => {
    while (next < items.length && failure === undefined) {
      signal.throwIfAborted();
      await work(items[next++] as T);
    }
  };
  const all = Array.from({ length: Math.min(lanes, items.length) }, () =>
    lane().catch((error: unknown) => {
      failure ??= error;
    }),
  );
  await Promise.all(all);
  if (failure !== undefined) throw failure;
}
