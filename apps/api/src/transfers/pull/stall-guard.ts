import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';

/** The peer is there and sends nothing of what it was asked for. */
export class StallError extends PeerError {
  constructor(timeoutMs: number) {
    super('TIMEOUT', `The peer sent nothing for ${Math.round(timeoutMs / 1000)} s.`);
  }
}

/**
 * Runs `work` and ends the session when `progress` stays the same for `timeoutMs`: a peer that is there but sends nothing.
 * @param progress a number that grows with every byte.
 * @throws StallError, also when another guard has ended the session; whatever `work` throws.
 */
export async function withStallGuard<T>(
  session: PeerSession,
  progress: () => number,
  timeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  let last = progress();
  let changedAt = performance.now();
  const timer = setInterval(
    () => {
      const now = progress();
      if (now !== last) {
        last = now;
        changedAt = performance.now();
      } else if (performance.now() - changedAt >= timeoutMs) session.abort(new StallError(timeoutMs));
    },
    Math.max(50, timeoutMs / 4),
  );
  try {
    return await work();
  } catch (error) {
    throw error instanceof PeerError && error.cause instanceof StallError ? error.cause : error;
  } finally {
    clearInterval(timer);
  }
}
