/** Tenths of a millisecond are what can be told from noise; never 0, which would read as no time at all. */
export function shownLatencyMs(measuredMs: number): number {
  return Math.max(1, Math.round(measuredMs * 10)) / 10;
}
