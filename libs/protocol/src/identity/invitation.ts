import { ProtocolError } from '../errors';
import { MAX_INVITATION_ADDRESSES, MAX_INVITATION_CHARS, SECRET_BYTES } from '../limits';
import { formatAddress, parseAddress } from './address';
import { fromBase64Url } from '../text/base64url';
import { isDeviceId, parseDeviceId } from './device-id';
import { deviceName } from './device-name';

/** What one user hands to another so that their devices pair. Holds a secret: never log it. Source: PROTOCOL.md section 7. */
export interface Invitation {
  /** Canonical device id of the inviter. */
  readonly deviceId: string;
  /** 1..16 times `host:port`, best first. */
  readonly addresses: readonly string[];
  /** One-time, base64url of 32 random bytes. */
  readonly secret: string;
  /** The inviter's device name, safe to show. */
  readonly name: string;
}

const START = /^ferry:\/\/pair\/?\?/i;

/** `ferry://pair?id=...&addr=...&secret=...&name=...`. @throws ProtocolError MALFORMED_MESSAGE when {@link parseInvitation} would refuse it. */
export function formatInvitation({ deviceId, addresses, secret, name }: Invitation): string {
  const fields = [
    ['id', deviceId],
    ...addresses.map((address) => ['addr', address]),
    ['secret', secret],
    ['name', deviceName(name)],
  ];
  const query = fields.map(([key, value = '']) => `${key}=${encodeValue(value)}`).join('&');
  const text = `ferry://pair?${query}`;
  parseInvitation(text);
  return text;
}

/**
 * Reads an invitation as pasted or scanned: white space and line breaks anywhere are ignored.
 * @throws ProtocolError MALFORMED_MESSAGE that says what is wrong, without the secret.
 */
export function parseInvitation(text: string): Invitation {
  if (text.length > MAX_INVITATION_CHARS) return fail('it is too long');
  const compact = text.replace(/\s/g, '');
  if (!START.test(compact)) return fail('it does not begin with ferry://pair?');
  const fields = parseFields(compact.replace(START, ''));
  return {
    deviceId: parseId(only(fields, 'id')),
    addresses: parseAddresses(fields.get('addr') ?? []),
    secret: parseSecret(only(fields, 'secret')),
    name: deviceName(fields.has('name') ? only(fields, 'name') : ''),
  };
}

/** Unknown fields are kept here and read by nobody: a later version may add some. */
function parseFields(query: string): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  for (const field of query.split('&')) {
    const equals = field.indexOf('=');
    if (equals === -1) continue;
    const key = field.slice(0, equals);
    fields.set(key, [...(fields.get(key) ?? []), decodePercent(field.slice(equals + 1), key)]);
  }
  return fields;
}

/** A colon may stand in a query, and an address reads better with it. */
function encodeValue(value: string): string {
  return encodeURIComponent(value).replaceAll('%3A', ':');
}

function decodePercent(value: string, key: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    return fail(`"${key.slice(0, 16)}" is not percent-encoded UTF-8`, cause);
  }
}

function only(fields: ReadonlyMap<string, readonly string[]>, key: string): string {
  const [value, ...rest] = fields.get(key) ?? [];
  if (value === undefined) return fail(`it has no "${key}"; was all of it copied?`);
  return rest.length === 0 ? value : fail(`it has "${key}" more than once`);
}

function parseId(value: string): string {
  return isDeviceId(value) ? value : parseDeviceId(value);
}

function parseAddresses(values: readonly string[]): readonly string[] {
  if (values.length === 0) return fail('it has no "addr"; was all of it copied?');
  if (values.length > MAX_INVITATION_ADDRESSES) return fail(`it has ${values.length} addresses`);
  return values.map((value) => formatAddress(parseAddress(value)));
}

function parseSecret(value: string): string {
  if (fromBase64Url(value)?.length === SECRET_BYTES) return value;
  return fail('its secret is incomplete; was all of it copied?');
}

function fail(what: string, cause?: unknown): never {
  throw new ProtocolError('MALFORMED_MESSAGE', `not a valid invitation: ${what}`, { cause });
}
