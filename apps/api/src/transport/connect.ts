import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { formatAddress, type Address } from '@ferry/protocol';
import { connectError, handshakeError, lookupError, timeoutError } from './dial-errors';
import type { DeviceIdentity } from './identity';
import type { PeerError } from './peer-error';
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

/** A TCP connection to the first of the addresses that answers. @throws PeerError UNREACHABLE, TIMEOUT; the signal's reason. */
export async function connectTcp(
  target: Address,
  addresses: readonly LookupAddress[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Socket> {
  const socket = connectSocket({
    host: target.host,
    port: target.port,
    noDelay: true,
    autoSelectFamily: true,
    lookup: (_host, _options, callback) => callback(null, [...addresses]),
  });
  return established(socket, 'connect', target, timeoutMs, signal, connectError);
}

/** TLS over a TCP connection, which it destroys when it fails. @throws PeerError TLS_FAILED, TIMEOUT; the signal's reason. */
export async function connectSecurely(
  socket: Socket,
  identity: DeviceIdentity,
  target: Address,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<TLSSocket> {
  const secure = connectTls({ ...clientOptions(identity), socket });
  return established(secure, 'secureConnect', target, timeoutMs, signal, handshakeError);
}

/** Waits for the event that makes a socket usable; destroys the socket when it does not come. */
async function established<S extends Socket>(
  socket: S,
  event: string,
  target: Address,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  explain: (address: string, cause: unknown) => PeerError,
): Promise<S> {
  socket.on('error', () => undefined); // there must be a listener from birth to death
  const stop = stopSignal(timeoutMs, signal);
  try {
    await once(socket, event, { signal: stop });
    return socket;
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
