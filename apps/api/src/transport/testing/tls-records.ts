import { createCipheriv, createHmac } from 'node:crypto';

const APPLICATION_DATA = 0x17;

/** Writes TLS 1.3 records of AES-128-GCM with the secret of a real connection. RFC 8446 sections 5.2, 5.3, 7.1, 7.3. */
export class TlsRecords {
  private readonly key: Buffer;
  private readonly iv: Buffer;

  /**
   * @param secret the traffic secret of the sender.
   * @param sequence how many records went before under this secret.
   */
  constructor(
    secret: Buffer,
    private sequence: number,
  ) {
    this.key = expandLabel(secret, 'key', 16);
    this.iv = expandLabel(secret, 'iv', 12);
  }

  /** The next record; its content may be empty, which no TLS library writes by itself. */
  next(content: Uint8Array): Buffer {
    const nonce = Buffer.from(this.iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ this.sequence++) >>> 0, 8);
    const header = Buffer.from([APPLICATION_DATA, 3, 3, 0, 0]);
    header.writeUInt16BE(content.length + 1 + 16, 3);
    const cipher = createCipheriv('aes-128-gcm', this.key, nonce).setAAD(header);
    const sealed = [cipher.update(content), cipher.update(Buffer.from([APPLICATION_DATA])), cipher.final()];
    return Buffer.concat([header, ...sealed, cipher.getAuthTag()]);
  }
}

/** HKDF-Expand-Label with SHA-256, an empty context, and at most 32 bytes. */
function expandLabel(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}
