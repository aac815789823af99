import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

const TAG_BYTES = 16;
const HASH_BYTES = 32;
/** The only suite for which this works; both sides of a node allow it. */
export const FORGEABLE_CIPHER = 'TLS_AES_128_GCM_SHA256';

/** Content types of records. RFC 8446 section 5. */
export const RecordType = { ALERT: 21, HANDSHAKE: 22, APPLICATION: 23 } as const;

export type SecretName =
  | 'CLIENT_HANDSHAKE_TRAFFIC_SECRET'
  | 'SERVER_HANDSHAKE_TRAFFIC_SECRET'
  | 'CLIENT_TRAFFIC_SECRET_0'
  | 'SERVER_TRAFFIC_SECRET_0';

/** The secrets of one TLS connection as they are made, from its key log. */
export class TlsSecrets {
  private readonly secrets = new Map<string, Buffer>();

  constructor(socket?: TLSSocket) {
    socket?.on('keylog', (line: Buffer) => this.note(line));
  }

  /** Takes a line of the key log. */
  note(line: Buffer): void {
    const [name = '', , secret = ''] = line.toString('latin1').trim().split(' ');
    this.secrets.set(name, Buffer.from(secret, 'hex'));
  }

  /** @throws Error when the handshake has not come so far. */
  get(name: SecretName): Buffer {
    const secret = this.secrets.get(name);
    if (!secret) throw new Error(`no ${name} yet`);
    return secret;
  }
}

/** One direction of a connection under one secret: seals and opens records in order. RFC 8446 sections 5.2, 5.3. */
export class RecordCipher {
  private readonly key: Buffer;
  private readonly iv: Buffer;
  private sequence = 0n;

  constructor(secret: Buffer) {
    this.key = expandLabel(secret, 'key', 16);
    this.iv = expandLabel(secret, 'iv', 12);
  }

  /** The next record; an empty one if there is no content. */
  seal(type: number, content: Uint8Array): Buffer {
    const length = content.length + 1 + TAG_BYTES;
    const header = Buffer.from([RecordType.APPLICATION, 3, 3, length >> 8, length & 255]);
    const cipher = createCipheriv('aes-128-gcm', this.key, this.nonce()).setAAD(header);
    const sealed = cipher.update(Buffer.concat([content, Uint8Array.of(type)]));
    return Buffer.concat([header, sealed, cipher.final(), cipher.getAuthTag()]);
  }

  /** The content of the next record with its type behind it, padding removed. */
  open(record: Buffer): { readonly type: number; readonly content: Buffer } {
    const decipher = createDecipheriv('aes-128-gcm', this.key, this.nonce()).setAAD(record.subarray(0, 5));
    decipher.setAuthTag(record.subarray(-TAG_BYTES));
    const opened = Buffer.concat([decipher.update(record.subarray(5, -TAG_BYTES)), decipher.final()]);
    const end = opened.findLastIndex((byte) => byte !== 0);
    return { type: opened[end] ?? 0, content: opened.subarray(0, end) };
  }

  private nonce(): Buffer {
    const nonce = Buffer.from(this.iv);
    nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ this.sequence, 4);
    this.sequence += 1n;
    return nonce;
  }
}

/** HKDF-Expand-Label with SHA-256 and no context, for up to 32 bytes: one round. RFC 8446 section 7.1. */
function expandLabel(secret: Buffer, label: string, length: number): Buffer {
  if (length > HASH_BYTES) throw new RangeError('one round gives 32 bytes');
  const full = `tls13 ${label}`;
  const info = Buffer.concat([Buffer.from([0, length, full.length]), Buffer.from(full), Buffer.from([0, 1])]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}
