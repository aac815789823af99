import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP, type OnReadOpts } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { formatAddress, type Address } from '@ferry/protocol';
import { connectError, handshakeError, lookupError, silentError, timeoutError } from './dial-errors';
import type { DeviceIdentity } from './identity';
import type { PeerError } from './peer-error';
import type { ReadBuffer } from './read-buffer';
import { clientOptions } from './tls-options';

/** The addresses of a host, in the system's order. @throws PeerError DNS_FAILED; the signal's reason. */
export async function resolveHost(host: string, timeoutMs: number, signal?: AbortSignal): Promise<LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const stop = stopSignal(timeoutMs, signal);
  try {
    // A lookup cannot be stopped; its late result is dropped.
    return await Promise.race([lookup(host, { all: true }), aborted(stop)]);
  } catch (cause) {
    signal?.throwIfAborted();
    throw lookupError(host, cause);
  }
}

export interface Connecting {
  readonly target: Address;
  /** Of the target's host. */
  readonly addresses: readonly LookupAddress[];
  readonly identity: DeviceIdentity;
  /** Where the bytes go. */
  readonly reads: ReadBuffer;
  /** For TCP and for TLS, each. */
  readonly timeoutMs: number;
  readonly onConnected?: (socket: TLSSocket) => void;
}

/**
 * A TLS connection to the first of the addresses that answers.
 * @throws PeerError UNREACHABLE, TLS_FAILED, TIMEOUT; the signal's reason. No socket is left then.
 */
export async function connectSecurely(
  { target, addresses, identity, reads, timeoutMs, onConnected }: Connecting,
  signal?: AbortSignal,
): Promise<TLSSocket> {
  const options: ConnectionOptions & { onread: OnReadOpts } = {
    ...clientOptions(identity),
    host: target.host,
    port: target.port,
    lookup: (_host, _options, callback) => callback(null, [...addresses]),
    onread: reads,
  };
  const socket = connect(options);
  socket.on('error', () => undefined); // there must be a listener from birth to death
  socket.setNoDelay(true);
  const address = formatAddress(target);
  await established(socket, 'connect', stopSignal(timeoutMs, signal), signal, (cause, isLate) =>
    isLate ? timeoutError(address, cause) : connectError(address, cause),
  );
  onConnected?.(socket);
  await established(socket, 'secureConnect', stopSignal(timeoutMs, signal), signal, (cause, isLate) =>
    isLate ? silentError(address, cause) : handshakeError(address, cause),
  );
  return socket;
}

/** Waits for the event that makes a socket usable; destroys the socket when it does not come. */
async function established(
  socket: TLSSocket,
  event: string,
  stop: AbortSignal,
  signal: AbortSignal | undefined,
  explain: (cause: unknown, isLate: boolean) => PeerError,
): Promise<void> {
  try {
    await once(socket, event, { signal: stop });
  } catch (cause) {
    socket.destroy();
    signal?.throwIfAborted();
    throw explain(cause, stop.aborted);
  }
}

function stopSignal(timeoutMs: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
