/**
 * Starts work on the next few items while an earlier one is dealt with, and yields the results in order.
 * When the reader stops, or something fails, results that nobody took are given to `discard`.
 */
export async function* ahead<T, R>(
  items: AsyncIterable<T>,
  count: number,
  start: (item: T) => Promise<R>,
  discard: (result: R) => Promise<void>,
): AsyncGenerator<R> {
  const started: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = start(item);
      result.catch(() => undefined); // told when it is its turn
      started.push(result);
      if (started.length <= count) continue;
      yield await nextOf(started);
    }
    while (started.length > 0) yield await nextOf(started);
  } finally {
    await Promise.allSettled(started.map(async (result) => discard(await result)));
  }
}

function nextOf<R>(started: Promise<R>[]): Promise<R> {
  const [first] = started.splice(0, 1);
  if (!first) throw new Error('nothing was started');
  return first;
}
