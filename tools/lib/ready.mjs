import { setTimeout as delay } from 'node:timers/promises';

const TRIES = 150;
const PAUSE_MS = 200;

/** @returns {Promise<boolean>} whether `url` answered 2xx within 30 seconds; ends early when `isStopping()` */
export async function waitUntilOk(url, isStopping = () => false) {
  for (let i = 0; i < TRIES && !isStopping(); i++) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      await response.body?.cancel();
      if (response.ok) return true;
    } catch (error) {
      if (!(error instanceof TypeError) && error.name !== 'TimeoutError') throw error; // fetch reports a closed port as TypeError
    }
    await delay(PAUSE_MS);
  }
  return false;
}
