import type { TLSSocket } from 'node:tls';
import { ALPN } from '@ferry/protocol';
import { deviceIdOfKey, isDeviceKey } from './device-key';
import { PeerError } from './peer-error';

/**
 * Who is at the other end of a finished handshake. Node lets clients pass that show no
 * certificate or name no protocol, so both are checked here, on both sides.
 * @throws PeerError TLS_FAILED.
 */
export function peerDeviceId(socket: TLSSocket): string {
  if (socket.alpnProtocol !== ALPN) {
    throw refused(`it does not speak ${ALPN}`);
  }
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) throw refused('it shows no certificate');
  const { publicKey } = certificate;
  if (!isDeviceKey(publicKey)) throw refused('its key is neither Ed25519 nor P-256');
  return deviceIdOfKey(publicKey);
}

function refused(reason: string): PeerError {
  return new PeerError('TLS_FAILED', `The other side is not a Ferry device: ${reason}`);
}
