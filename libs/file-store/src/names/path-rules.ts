import { STAGING_FOLDER, TRASH_FOLDER } from '../disk/root';
import { FileStoreError } from '../file-store-error';
import { MAX_PATH_BYTES, MAX_PATH_COMPONENTS } from '../limits';

/** C0, DEL, C1 and the two Unicode line separators: terminal, log and header injection. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
export const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/u;
const HALF_CHARACTER = /\p{Surrogate}/u;
const DRIVE = /^[A-Za-z]:/;
/** `..;` is read as a matrix parameter after `..` by some servers. */
const DOTS = /^\.\.?(;.*)?$/u;
const OWN_FOLDERS = [STAGING_FOLDER, TRASH_FOLDER];

/**
 * Splits a relative path from outside into components, refusing what could be meant as an attack.
 * Nothing is decoded: `%2e` is three characters.
 * @throws FileStoreError UNSAFE_NAME
 */
export function splitUntrusted(path: string): string[] {
  if (HALF_CHARACTER.test(path)) throw unsafe('holds half a character');
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw unsafe(`is longer than ${MAX_PATH_BYTES} bytes`);
  if (CONTROL.test(path)) throw unsafe('holds control characters');
  if (DRIVE.test(path)) throw unsafe('names a drive');
  // A backslash separates on Windows: what it separates must be harmless, even where it is a plain character.
  for (const part of path.split(/[/\\]/)) {
    if (part === '') throw unsafe('is absolute or holds an empty component');
    if (DOTS.test(part)) throw unsafe('leads out of its folder');
    if (OWN_FOLDERS.includes(part.normalize('NFKC').toLowerCase())) throw unsafe('is reserved');
  }
  const components = path.split('/');
  if (components.length > MAX_PATH_COMPONENTS) {
    throw unsafe(`is deeper than ${MAX_PATH_COMPONENTS} folders`);
  }
  return components;
}

function unsafe(what: string): FileStoreError {
  return new FileStoreError('UNSAFE_NAME', `The path ${what}`);
}
