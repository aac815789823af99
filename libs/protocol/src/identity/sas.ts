import { ProtocolError } from '../errors';
import { HASH_BYTES, NONCE_BYTES, SAS_DIGITS, SAS_EXPORTER_BYTES, SAS_SYMBOL_COUNT } from '../limits';
import { digestOfDeviceId } from './device-id';
import { SAS_SYMBOLS } from './sas-symbols';

const COMMIT_LABEL = new TextEncoder().encode('ferry/1 sas commit');
const SAS_LABEL = new TextEncoder().encode('ferry/1 sas');
/** First byte of the symbols; the digits come from the 8 bytes before. */
const SYMBOLS_OFFSET = 8;

/** Label of the TLS 1.3 exporter (RFC 8446 section 7.5) that binds a comparison to one connection; no context. */
export const SAS_EXPORTER_LABEL = 'EXPORTER-ferry/1 sas';

/** What both sides of a comparison know when both nonces are revealed. */
export interface SasInput {
  /** Device id of the side that sent `pair.start`. */
  readonly initiatorId: string;
  readonly responderId: string;
  /** 32 bytes each. */
  readonly initiatorNonce: Uint8Array;
  readonly responderNonce: Uint8Array;
  /** 32 bytes of the exporter under SAS_EXPORTER_LABEL. */
  readonly exporter: Uint8Array;
}

/** Short authentication string: what two people compare. */
export interface Sas {
  /** Six of 0 to 9. */
  readonly digits: string;
  /** Four names out of SAS_SYMBOLS; one may come twice. */
  readonly symbols: readonly string[];
}

/**
 * The SHA-256 input of the initiator's commitment: the 18 ASCII bytes `ferry/1 sas commit`, the initiator's SPKI
 * digest, the responder's, the initiator's nonce. 114 bytes. Source: PROTOCOL.md section 7.
 * @throws ProtocolError MALFORMED_MESSAGE.
 */
export function sasCommitmentInput(initiatorId: string, responderId: string, nonce: Uint8Array): Uint8Array {
  return concat(COMMIT_LABEL, digestOfDeviceId(initiatorId), digestOfDeviceId(responderId), whole(nonce, NONCE_BYTES));
}

/**
 * The SHA-256 input of the short authentication string: the 11 ASCII bytes `ferry/1 sas`, both SPKI digests, both
 * nonces, each initiator first, and the exporter. 171 bytes. Source: PROTOCOL.md section 7.
 * @throws ProtocolError MALFORMED_MESSAGE.
 */
export function sasInput({ initiatorId, responderId, ...input }: SasInput): Uint8Array {
  return concat(
    SAS_LABEL,
    digestOfDeviceId(initiatorId),
    digestOfDeviceId(responderId),
    whole(input.initiatorNonce, NONCE_BYTES),
    whole(input.responderNonce, NONCE_BYTES),
    whole(input.exporter, SAS_EXPORTER_BYTES),
  );
}

/** What is shown of the SHA-256 over `sasInput`: digits of bytes 0 to 7, symbols of bytes 8 to 11. */
export function sasFromDigest(digest: Uint8Array): Sas {
  const bytes = whole(digest, HASH_BYTES);
  const number = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) % 10n ** BigInt(SAS_DIGITS);
  const shown = bytes.subarray(SYMBOLS_OFFSET, SYMBOLS_OFFSET + SAS_SYMBOL_COUNT);
  return {
    digits: number.toString().padStart(SAS_DIGITS, '0'),
    symbols: Array.from(shown, (byte) => SAS_SYMBOLS[byte % SAS_SYMBOLS.length]?.name ?? ''),
  };
}

function whole(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes;
  throw new ProtocolError('MALFORMED_MESSAGE', `${bytes.length} bytes in place of ${length}`);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
