import { randomBytes } from 'node:crypto';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { TapRecord } from './record-tap';
import { RecordCipher, RecordType, type SecretName, type TlsSecrets } from './tls-keys';

const CERTIFICATE = 11;
const CERTIFICATE_VERIFY = 15;
const MESSAGE_HEADER_BYTES = 4;
const ED25519_SCHEME = 0x0807;
const EARLY_DATA_EXTENSION = [0, 42, 0, 0];

/** A TLS handshake message. RFC 8446 section 4. */
function message(type: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(MESSAGE_HEADER_BYTES);
  header.writeUInt32BE(body.length);
  header[0] = type;
  return Buffer.concat([header, body]);
}

function sized(bytes: number, content: Uint8Array): Buffer {
  const size = Buffer.alloc(bytes);
  size.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([size, content]);
}

/** Certificate and CertificateVerify for a key that the sender does not have. RFC 8446 sections 4.4.2, 4.4.3. */
function forgedProof(certificate: Uint8Array): Buffer {
  const entry = Buffer.concat([sized(3, certificate), sized(2, new Uint8Array())]);
  const scheme = Buffer.from([ED25519_SCHEME >> 8, ED25519_SCHEME & 255]);
  const verify = Buffer.concat([scheme, sized(2, randomBytes(64))]);
  return Buffer.concat([
    message(CERTIFICATE, Buffer.concat([sized(1, new Uint8Array()), sized(3, entry)])),
    message(CERTIFICATE_VERIFY, verify),
  ]);
}

/**
 * Shows another certificate than that of our side, whichever side of the handshake that is: what our side says before its
 * Certificate stays, all from there on is replaced.
 */
export function forgesCertificate(certificate: Uint8Array, secrets: TlsSecrets, secretName: SecretName): TapRecord {
  let ciphers: { readonly opener: RecordCipher; readonly sealer: RecordCipher } | undefined;
  let isDone = false;
  return (record) => {
    if (record[0] !== RecordType.APPLICATION) return record;
    if (isDone) return [];
    ciphers ??= {
      opener: new RecordCipher(secrets.get(secretName)),
      sealer: new RecordCipher(secrets.get(secretName)),
    };
    const { content } = ciphers.opener.open(record);
    const kept = beforeCertificate(content);
    isDone = kept.length < content.length;
    const said = isDone ? Buffer.concat([kept, forgedProof(certificate)]) : kept;
    return ciphers.sealer.seal(RecordType.HANDSHAKE, said);
  };
}

function beforeCertificate(messages: Buffer): Buffer {
  let at = 0;
  while (at < messages.length && messages[at] !== CERTIFICATE) {
    at += MESSAGE_HEADER_BYTES + messages.readUIntBE(at + 1, 3);
  }
  return messages.subarray(0, at);
}

/** The record of a ClientHello as a proper device would send it. */
export function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const sink = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _encoding, done) => {
        resolve(bytes);
        done();
        setImmediate(() => socket.destroy());
      },
    });
    const socket = connect({
      socket: sink,
      ALPNProtocols: ['ferry/1'],
      minVersion: 'TLSv1.3',
      rejectUnauthorized: false,
    });
    socket.on('error', () => undefined);
  });
}

/** The same ClientHello with the announcement of early data. RFC 8446 section 4.2.10. */
export function withEarlyData(hello: Buffer): Buffer {
  const longer = Buffer.concat([hello, Uint8Array.from(EARLY_DATA_EXTENSION)]);
  const added = EARLY_DATA_EXTENSION.length;
  const extensionsAt = offsetOfExtensions(hello);
  longer.writeUInt16BE(hello.readUInt16BE(3) + added, 3);
  longer.writeUIntBE(hello.readUIntBE(6, 3) + added, 6, 3);
  longer.writeUInt16BE(hello.readUInt16BE(extensionsAt) + added, extensionsAt);
  return longer;
}

/** The types of all extensions of a ClientHello. */
export function extensionsOf(hello: Buffer): number[] {
  const types: number[] = [];
  for (let at = offsetOfExtensions(hello) + 2; at < hello.length; at += 4 + hello.readUInt16BE(at + 2)) {
    types.push(hello.readUInt16BE(at));
  }
  return types;
}

/** Where the size of the extensions stands, behind version, random, session id, suites and compression. */
function offsetOfExtensions(hello: Buffer): number {
  let at = 5 + MESSAGE_HEADER_BYTES + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  return at + 1 + hello.readUInt8(at);
}
