import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../http/problem-error';

/** Of RFC 9530; other algorithms are ignored, as it wants. */
const DIGEST_BYTES: Readonly<Record<string, number>> = { 'sha-256': 32, 'sha-512': 64 };
const MEMBER = /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):$/;

interface Announced {
  readonly algorithm: string;
  readonly digest: Buffer;
  readonly file: Hash;
  readonly body: Hash;
}

/**
 * Compares an upload with the digests of its headers `Content-Digest` and `Repr-Digest`. By RFC 9530 these are of the whole body,
 * with everything of the form. Hardly any client can compute that, so the digest of the file alone is as good: with either one the
 * file arrived as it was sent.
 */
export class UploadDigest {
  private constructor(private readonly announced: readonly Announced[]) {}

  /** @returns nothing when the request announces no digest. @throws ProblemError validation */
  static of({ headers }: IncomingMessage): UploadDigest | undefined {
    const values = ['content-digest', 'repr-digest'].flatMap((name) => parseDigests(name, headers[name]));
    return values.length === 0 ? undefined : new UploadDigest(values);
  }

  /** Takes bytes of the file as they come. */
  addFile(bytes: Uint8Array): void {
    for (const { file } of this.announced) file.update(bytes);
  }

  /** Takes bytes of the whole body. */
  addBody(bytes: Uint8Array): void {
    for (const { body } of this.announced) body.update(bytes);
  }

  /** To be called once, when all bytes have come. @throws ProblemError hash-mismatch */
  assertRight(): void {
    for (const { algorithm, digest, file, body } of this.announced) {
      if (file.digest().equals(digest) || body.digest().equals(digest)) continue;
      throw new ProblemError(
        'hash-mismatch',
        `Neither the file nor the body has the ${algorithm} digest that the request announced. Send it again.`,
      );
    }
  }
}

function parseDigests(name: string, value: string | string[] | undefined): Announced[] {
  if (value === undefined) return [];
  return String(value)
    .split(',')
    .flatMap((member) => {
      const [, algorithm = '', base64 = ''] = MEMBER.exec(member.trim()) ?? [];
      const bytes = Object.hasOwn(DIGEST_BYTES, algorithm) ? DIGEST_BYTES[algorithm] : undefined;
      const digest = Buffer.from(base64, 'base64');
      if (algorithm === '' || (bytes !== undefined && digest.length !== bytes)) throw malformed(name);
      const hash = algorithm.replace('-', '');
      return bytes === undefined ? [] : [{ algorithm, digest, file: createHash(hash), body: createHash(hash) }];
    });
}

function malformed(name: string): ProblemError {
  const detail = `The header ${name} must be like sha-256=:<Base64>: (RFC 9530).`;
  return ProblemError.ofField(name, 'digest', detail);
}
