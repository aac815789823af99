import type { ExpectedDigest } from '@ferry/file-store';
import { ProblemError } from '../http/problem-error';

/** Of the header `Upload-Checksum` (tus 1.0, checksum); the first must be there by the specification. */
export const CHECKSUM_ALGORITHMS: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 };

/**
 * Reads an algorithm and a Base64 digest.
 * @throws ProblemError validation, which is 400 as the specification wants it for unknown algorithms.
 */
export function parseChecksum(header: string | undefined): ExpectedDigest | undefined {
  if (header === undefined) return undefined;
  const [algorithm = '', value = '', ...rest] = header.trim().split(' ');
  const bytes = Object.hasOwn(CHECKSUM_ALGORITHMS, algorithm) ? CHECKSUM_ALGORITHMS[algorithm] : undefined;
  const digest = Buffer.from(value, 'base64');
  if (bytes !== undefined && rest.length === 0 && digest.length === bytes && digest.toString('base64') === value) {
    return { algorithm, digest };
  }
  const known = Object.keys(CHECKSUM_ALGORITHMS).join(', ');
  throw ProblemError.ofField(
    'Upload-Checksum',
    'upload-checksum',
    `The header Upload-Checksum must be one of ${known}, a space and the digest in Base64.`,
  );
}
