import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { formatAddress, parseAddress, ProtocolError, type Address } from '@ferry/protocol';
import { connectSecurely, resolveHost } from './connect';
import { handshakeError } from './dial-errors';
import type { DeviceIdentity } from './identity';
import { peerDeviceId } from './peer-device-id';
import { PeerError } from './peer-error';
import { ReadBuffer, type ByteListener } from './read-buffer';

/** What a connection passes through before anything is said on it. */
export type DialStep = 'dns' | 'tcp' | 'tls' | 'identity';

export interface DialTarget {
  /** `host:port`, IPv6 in brackets. */
  readonly address: string;
  /** The only device that is welcome there. */
  readonly expectedId?: string;
  /** Asked as soon as the key is known. @throws PeerError when nothing is to be said to this device. */
  readonly assertWelcome?: (deviceId: string) => void;
  /** Told of each step that is done, and of what was found: addresses, an address, a cipher, a device id. */
  readonly onStep?: (step: DialStep, found: string) => void;
}

export interface Dialled {
  readonly socket: TLSSocket;
  readonly peerId: string;
  /** `host:port` of the socket: the IP address that answered. */
  readonly remoteAddress: string;
  /** In place of the socket's 'data' events. */
  readonly listenToBytes: (listener: ByteListener) => void;
}

/**
 * Connects, encrypts and checks who is there. No application byte is sent to a wrong device.
 * @throws PeerError ADDRESS_INVALID, DNS_FAILED, UNREACHABLE, TIMEOUT, TLS_FAILED, SELF, IDENTITY_MISMATCH; the signal's reason.
 */
export async function dialDevice(
  target: DialTarget,
  identity: DeviceIdentity,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Dialled> {
  const address = readAddress(target.address);
  const { onStep } = target;
  const addresses = await resolveHost(address.host, timeoutMs, signal);
  onStep?.('dns', addresses.map((each) => each.address).join(', '));
  const reads = new ReadBuffer();
  const onConnected = (connected: Socket): void => onStep?.('tcp', remoteAddressOf(connected));
  const socket = await connectSecurely({ target: address, addresses, identity, reads, timeoutMs, onConnected }, signal);
  try {
    const peerId = identify(socket, target, identity);
    onStep?.('identity', peerId);
    return { socket, peerId, remoteAddress: remoteAddressOf(socket), listenToBytes: reads.listen };
  } catch (error) {
    socket.destroy();
    throw handshakeError(target.address, error);
  }
}

/** `host:port` of the other end, for people and logs. */
export function remoteAddressOf({ remoteAddress = 'unknown', remotePort = 0 }: Socket): string {
  const host = remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '');
  return formatAddress({ host, port: remotePort });
}

function identify(
  socket: TLSSocket,
  { address, expectedId, assertWelcome, onStep }: DialTarget,
  identity: DeviceIdentity,
): string {
  const peerId = peerDeviceId(socket);
  onStep?.('tls', socket.getCipher().name);
  if (peerId === identity.deviceId) {
    throw new PeerError('SELF', `${address} is this device itself: enter the address of the other one`);
  }
  if (expectedId !== undefined && peerId !== expectedId) {
    throw new PeerError(
      'IDENTITY_MISMATCH',
      `Another device than expected answers at ${address}: pair with it anew if that is right`,
    );
  }
  assertWelcome?.(peerId);
  return peerId;
}

function readAddress(address: string): Address {
  try {
    return parseAddress(address);
  } catch (cause) {
    const reason = cause instanceof ProtocolError ? cause.message : 'it cannot be read';
    throw new PeerError('ADDRESS_INVALID', `${address} is not an address (${reason}): write host:port`, { cause });
  }
}
