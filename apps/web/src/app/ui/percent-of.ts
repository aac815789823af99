/** 0..100; nothing out of nothing is done. */
export function percentOf(done: number, total: number): number {
  if (total <= 0) return 100;
  return Math.min(100, Math.max(0, (100 * done) / total));
}
