import { ProtocolError } from '../errors';
import { HASH_BYTES } from '../limits';
import { BASE32_ALPHABET, fromBase32, toBase32 } from '../text/base32';

const GROUP_COUNT = 4;
/** Base32 characters of the digest in a group; a check character follows them. */
const GROUP_CHARS = 13;
const CHECKED_GROUP_CHARS = GROUP_CHARS + 1;
const ID_CHARS = GROUP_COUNT * CHECKED_GROUP_CHARS;
const SHOWN_GROUP_CHARS = 7;

/** Digits that the alphabet lacks, as people misread them. */
const MISREAD: Readonly<Record<string, string>> = {
  '0': 'O',
  '1': 'I',
  '8': 'B',
};

/**
 * The canonical device id: base32 of the digest in 4 groups of 13 characters, each followed by its check character.
 * @param spkiSha256 SHA-256 of the certificate's SubjectPublicKeyInfo in DER, 32 bytes.
 * @throws RangeError for another length.
 */
export function deviceIdFromDigest(spkiSha256: Uint8Array): string {
  if (spkiSha256.length !== HASH_BYTES) throw new RangeError(`digest of ${spkiSha256.length} bytes`);
  return cut(toBase32(spkiSha256), GROUP_CHARS)
    .map((group) => group + checkCharacter(group))
    .join('');
}

/** The 32 bytes that {@link deviceIdFromDigest} was given. @throws ProtocolError MALFORMED_MESSAGE. */
export function digestOfDeviceId(deviceId: string): Uint8Array {
  return digestOf(deviceId) ?? fail('not a device id');
}

/** Whether `text` is a device id in its canonical form: 56 characters, check characters right. */
export function isDeviceId(text: string): boolean {
  return digestOf(text) !== undefined;
}

/**
 * The canonical device id of what a person typed: spaces, dashes, lower case and misread digits are accepted.
 * @throws ProtocolError MALFORMED_MESSAGE that names the groups to look at again.
 */
export function parseDeviceId(text: string): string {
  const id = text
    .replace(/[\s-]/g, '')
    .toUpperCase()
    .replace(/[018]/g, (digit) => MISREAD[digit] ?? digit);
  if (id.length !== ID_CHARS) {
    return fail(`a device id has ${ID_CHARS} characters, this one ${id.length}`);
  }
  const wrong = cut(id, CHECKED_GROUP_CHARS).findIndex((group) => !isGroup(group));
  if (wrong !== -1) {
    return fail(`mistyped in group ${2 * wrong + 1} or ${2 * wrong + 2} of ${2 * GROUP_COUNT} of the device id`);
  }
  return isDeviceId(id) ? id : fail('not a device id');
}

/** The id for people: 8 groups of 7 characters with dashes between. @throws ProtocolError MALFORMED_MESSAGE. */
export function formatDeviceId(deviceId: string): string {
  return cut(parseDeviceId(deviceId), SHOWN_GROUP_CHARS).join('-');
}

function digestOf(id: string): Uint8Array | undefined {
  if (id.length !== ID_CHARS) return undefined;
  const groups = cut(id, CHECKED_GROUP_CHARS);
  if (!groups.every(isGroup)) return undefined;
  return fromBase32(groups.map((group) => group.slice(0, GROUP_CHARS)).join(''));
}

function isGroup(group: string): boolean {
  return /^[A-Z2-7]{14}$/.test(group) && checkCharacter(group.slice(0, GROUP_CHARS)) === group[GROUP_CHARS];
}

/** Luhn mod 32 with factors 1, 2, 1, ... from the left, as Syncthing computes it. */
function checkCharacter(group: string): string {
  const sum = [...group].reduce((total, char, index) => {
    const addend = BASE32_ALPHABET.indexOf(char) * (index % 2 === 0 ? 1 : 2);
    return total + Math.floor(addend / 32) + (addend % 32);
  }, 0);
  return BASE32_ALPHABET.charAt((32 - (sum % 32)) % 32);
}

function cut(text: string, chars: number): string[] {
  return Array.from({ length: Math.ceil(text.length / chars) }, (_, index) =>
    text.slice(index * chars, (index + 1) * chars),
  );
}

function fail(what: string): never {
  throw new ProtocolError('MALFORMED_MESSAGE', what);
}
