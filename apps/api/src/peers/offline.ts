import { PeerError, type PeerErrorCode } from '../transport/peer-error';

const OFFLINE_CODES: ReadonlySet<PeerErrorCode> = new Set([
  'DNS_FAILED',
  'UNREACHABLE',
  'TIMEOUT',
  'TLS_FAILED',
  'SESSION_CLOSED',
]);

/** What a failed attempt to reach a paired peer means to who wanted something of it. */
export function asOffline(error: unknown, peerName: string): unknown {
  const isTooSlow = error instanceof Error && error.name === 'TimeoutError';
  if (isTooSlow) return offline(peerName, 'it does not answer', error);
  if (!(error instanceof PeerError)) return error;
  if (error.code === 'NOT_PAIRED') return distrusted(peerName, error);
  return OFFLINE_CODES.has(error.code) ? offline(peerName, error.message, error) : error;
}

/** The peer has forgotten this device. */
export function distrusted(peerName: string, cause: PeerError): PeerError {
  const { remoteCode } = cause;
  return new PeerError('NOT_PAIRED', `${peerName} no longer trusts this device: pair again.`, { cause, remoteCode });
}

/** Waits for `promise` until `signal` aborts; the work itself goes on. @throws the signal's reason. */
export async function abortable<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function offline(peerName: string, reason: string, cause: unknown): PeerError {
  return new PeerError('OFFLINE', `${peerName} is offline: ${reason}`, { cause });
}
