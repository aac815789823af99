import { FileStoreError } from '../file-store-error';
import { extensionOf, possibleExtensions } from './extension';
import { splitUntrusted } from './path-rules';
import { safeName } from './safe-name';

/** What is let in by upload and from peers; listing is never filtered. */
export interface AcceptLimits {
  /** Bytes; 0 = no limit. */
  readonly maxFileSize: number;
  /** Without dot; `['*']` = any that is not blocked. */
  readonly allowedExtensions: readonly string[];
  /** Refused even under `*`. */
  readonly blockedExtensions: readonly string[];
}

/**
 * The path under which a file from outside may be stored: relative, `/`-separated, safe on every system.
 * @throws FileStoreError UNSAFE_NAME
 */
export function safePath(path: string): string {
  return splitUntrusted(path).map(safeName).join('/');
}

/**
 * Applies name policy, extension filter and size limit, before the first byte is written.
 * @returns the safe relative path.
 * @throws FileStoreError UNSAFE_NAME, EXTENSION_NOT_ALLOWED, TOO_LARGE
 */
export function acceptIncoming(file: { path: string; size: number }, limits: AcceptLimits): string {
  const safe = safePath(file.path);
  checkExtension(file.path, safe, limits);
  checkSize(file.size, limits);
  return safe;
}

/** @throws FileStoreError TOO_LARGE */
export function checkSize(size: number, { maxFileSize }: AcceptLimits): void {
  if (maxFileSize > 0 && size > maxFileSize) {
    throw new FileStoreError('TOO_LARGE', `The file is larger than ${maxFileSize} bytes`);
  }
}

function checkExtension(asked: string, safe: string, limits: AcceptLimits): void {
  const blocked = new Set(limits.blockedExtensions.map((each) => each.toLowerCase()));
  const bad = [...possibleExtensions(lastComponent(asked)), extensionOf(safe)].find((each) => blocked.has(each));
  const extension = extensionOf(lastComponent(safe));
  const isAllowed =
    limits.allowedExtensions.includes('*') || limits.allowedExtensions.some((each) => each.toLowerCase() === extension);
  if (bad === undefined && isAllowed) return;
  const shown = bad ?? extension;
  throw new FileStoreError(
    'EXTENSION_NOT_ALLOWED',
    shown === '' ? 'Files without an extension are not accepted' : `.${shown} files are not accepted`,
  );
}

function lastComponent(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
