import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 10;

/**
 * Asks for one entry of the sender's list, again and again, until told to stop: HTTP to the receiver, `files.list` over the
 * session that also carries file content.
 * @returns {Promise<number[]>} milliseconds of each answer
 */
export async function listLatencies(ferry, signal) {
  const times = [];
  while (!signal.aborted) {
    const askedAt = performance.now();
    await ferry.receiver.api.list(`/peers/${ferry.senderId}/files`, { limit: '1' });
    times.push(performance.now() - askedAt);
    await delay(PAUSE_MS);
  }
  return times;
}

/** The value that a share of the others does not exceed. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}
