import { ProblemError } from '../http/problem-error';

/** Keys to text; null for a key without a value. */
export type UploadMetadata = Readonly<Record<string, string | null>>;

const MAX_PAIRS = 32;
const KEY = /^[\u0021-\u002B\u002D-\u007E]+$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the header `Upload-Metadata`: pairs of a key and Base64, separated by commas (tus 1.0, creation). Stricter than the
 * library: Base64 must be canonical and hold UTF-8, so that what is kept is what was sent.
 * @throws ProblemError validation
 */
export function parseMetadata(header: string | undefined): UploadMetadata {
  const pairs = header === undefined || header.trim() === '' ? [] : header.split(',');
  if (pairs.length > MAX_PAIRS) throw malformed(`has more than ${MAX_PAIRS} pairs`);
  const metadata = new Map<string, string | null>();
  for (const pair of pairs) {
    const [key = '', value, ...rest] = pair.trim().split(' ');
    if (!KEY.test(key) || rest.length > 0) throw malformed('is not a list of keys and values');
    if (metadata.has(key) || key in {}) throw malformed(`has the key ${key} twice, or it cannot be used`);
    metadata.set(key, value === undefined || value === '' ? null : decode(key, value));
  }
  return Object.fromEntries(metadata);
}

function decode(key: string, value: string): string {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') !== value) throw malformed(`has no Base64 under ${key}`);
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    throw malformed(`has no UTF-8 under ${key}`, { cause: error });
  }
}

function malformed(how: string, options?: ErrorOptions): ProblemError {
  const detail = `The header Upload-Metadata ${how}.`;
  return new ProblemError(
    'validation',
    detail,
    [{ pointer: '/Upload-Metadata', code: 'upload-metadata', detail }],
    options,
  );
}
