import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP, type OnReadOpts } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { formatAddress, type Address } from '@ferry/protocol';
import { connectError, handshakeError, lookupError, timeoutError } from './dial-errors';
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

/**
 * A TLS connection to the first of the addresses that answers.
 * @param reads where its bytes go.
 * @throws PeerError UNREACHABLE, TLS_FAILED, TIMEOUT; the signal's reason. No socket is left then.
 */
export async function connectSecurely(
  target: Address,
  addresses: readonly LookupAddress[],
  identity: DeviceIdentity,
  reads: ReadBuffer,
  timeoutMs: number,
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
  await established(socket, 'connect', target, timeoutMs, signal, connectError);
  await established(socket, 'secureConnect', target, timeoutMs, signal, handshakeError);
  return socket;
}

/** Waits for the event that makes a socket usable; destroys the socket when it does not come. */
async function established(
  socket: TLSSocket,
  event: string,
  target: Address,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  explain: (address: string, cause: unknown) => PeerError,
): Promise<void> {
  const stop = stopSignal(timeoutMs, signal);
  try {
    await once(socket, event, { signal: stop });
  } catch (cause) {
    socket.destroy();
    signal?.throwIfAborted();
    const address = formatAddress(target);
    throw stop.aborted ? timeoutError(address, cause) : explain(address, cause);
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
