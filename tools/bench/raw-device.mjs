import 'reflect-metadata';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';

const HEADER_BYTES = 12;
const REQUEST = 1;
const ED25519 = { name: 'Ed25519' };

cryptoProvider.set(webcrypto);

/** A frame of `ferry/1`: docs/PROTOCOL.md section 3. */
export function frame(type, stream, payload, flags = 0) {
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length);
  bytes.writeUInt32BE(payload.length, 0);
  bytes.writeUInt8(type, 4);
  bytes.writeUInt8(flags, 5);
  bytes.writeUInt32BE(stream, 8);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

const json = (value) => Buffer.from(JSON.stringify(value));

async function newIdentity() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=bench',
    signingAlgorithm: ED25519,
    keys: {
      privateKey: privateKey.toCryptoKey(ED25519, true, ['sign']),
      publicKey: publicKey.toCryptoKey(ED25519, true, ['verify']),
    },
  });
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: certificate.toString('pem') };
}

/** A device with a key of its own that says hello, answers PING and asks for nothing. @returns its TLS socket. */
export async function greet(port, localAddress = '127.0.0.1') {
  const socket = connect({
    ...(await newIdentity()),
    host: '127.0.0.1',
    port,
    localAddress,
    minVersion: 'TLSv1.3',
    rejectUnauthorized: false,
    ALPNProtocols: ['ferry/1'],
  });
  await once(socket, 'secureConnect');
  const hello = { protocol: 1, name: 'bench', features: [] };
  socket.write(frame(REQUEST, 1, json({ pattern: 'hello', data: hello })));
  await once(socket, 'data');
  return socket.on('error', () => undefined);
}
