import { generateKeyPairSync, randomBytes } from 'node:crypto';

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const NULL = 0x05;
const OBJECT_ID = 0x06;
const UTF8 = 0x0c;
const UTC_TIME = 0x17;
const VERSION = 0xa0;

const RSA = '2a864886f70d010101';
const ECDSA_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';

/** One DER value. X.690 section 8.1. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length;
  if (size < 128) return Buffer.concat([Uint8Array.of(tag, size), body]);
  const bytes = size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Uint8Array.of(tag, ...bytes), body]);
}

const oid = (hex: string): Buffer => der(OBJECT_ID, Buffer.from(hex, 'hex'));
const bits = (content: Uint8Array): Buffer => der(BIT_STRING, Uint8Array.of(0), content);

/** A certificate around any public key, valid or not; nobody has signed it. */
export function certificateAround(spki: Uint8Array): Buffer {
  const algorithm = der(SEQUENCE, oid(ECDSA_SHA256));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid(COMMON_NAME), der(UTF8, Buffer.from('x')))));
  const times = ['200101000000Z', '400101000000Z'].map((time) => der(UTC_TIME, Buffer.from(time)));
  const version = der(VERSION, der(INTEGER, Uint8Array.of(2)));
  const serial = der(INTEGER, Uint8Array.of(1));
  const signed = der(SEQUENCE, version, serial, algorithm, name, der(SEQUENCE, ...times), name, spki);
  return der(SEQUENCE, signed, algorithm, bits(randomBytes(64)));
}

/** An RSA key of any size: its modulus is random and odd, as no private key is needed. */
export function rsaSpki(modulusBits: number): Buffer {
  const modulus = randomBytes(modulusBits / 8);
  modulus[0] = (modulus[0] ?? 0) | 0x80;
  modulus[modulus.length - 1] = (modulus.at(-1) ?? 0) | 1;
  const exponent = der(INTEGER, Uint8Array.of(1, 0, 1));
  const key = der(SEQUENCE, der(INTEGER, Uint8Array.of(0), modulus), exponent);
  return der(SEQUENCE, der(SEQUENCE, oid(RSA), der(NULL)), bits(key));
}

/** A well-formed key of a curve that no device may have. */
export function curveSpki(curve: 'secp224r1' | 'ed448'): Buffer {
  const { publicKey } =
    curve === 'ed448' ? generateKeyPairSync('ed448') : generateKeyPairSync('ec', { namedCurve: curve });
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** Something in the place of a key. */
export function garbageSpki(): Buffer {
  return der(SEQUENCE, der(SEQUENCE, oid('2a030405')), bits(randomBytes(100)));
}
