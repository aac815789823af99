import { constants } from 'node:crypto';
import type { ConnectionOptions, SecureContextOptions, TLSSocket, TlsOptions } from 'node:tls';
import { ALPN } from '@ferry/protocol';
import type { DeviceIdentity } from './identity';

/** What both sides of a connection have in common. */
function sharedOptions(identity: DeviceIdentity): SecureContextOptions & Pick<TlsOptions, 'ALPNProtocols'> {
  return {
    key: identity.keyPem,
    cert: identity.certificatePem,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    // AES-128 first: fastest with the instructions that nearly all processors have.
    ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
    // Ed25519 and P-256 only: other keys are refused before anything is computed with them.
    sigalgs: 'ed25519:ecdsa_secp256r1_sha256',
    // A resumed session would show the certificate of an earlier connection.
    secureOptions: constants.SSL_OP_NO_TICKET,
    ALPNProtocols: [ALPN],
  };
}

/** Trust does not come from the TLS library: any certificate passes here, and `peerDeviceId` judges its key. */
export function serverOptions(identity: DeviceIdentity, handshakeTimeout: number): TlsOptions {
  return {
    ...sharedOptions(identity),
    honorCipherOrder: true,
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout,
  };
}

/** The TLS exporter of a connection, without a context. */
export function exporterOf(socket: TLSSocket): (length: number, label: string) => Uint8Array {
  // In TLS 1.3 an empty context and none give the same.
  return (length, label) => socket.exportKeyingMaterial(length, label, Buffer.alloc(0));
}

/** As `serverOptions`, for dialling. */
export function clientOptions(identity: DeviceIdentity): ConnectionOptions {
  return {
    ...sharedOptions(identity),
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  };
}
