import { ProtocolError } from '../errors';
import { MAX_ADDRESS_CHARS } from '../limits';
import { isIpv4, isIpv6 } from './ip-address';

/** Where a peer server listens. */
export interface Address {
  /** Host name or IP address in lower case, IPv6 without brackets. */
  readonly host: string;
  /** 1..65535. */
  readonly port: number;
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/;

/**
 * Reads `host:port` or `[IPv6]:port`; spaces around it are ignored.
 * @throws ProtocolError MALFORMED_MESSAGE that says what is wrong.
 */
export function parseAddress(text: string): Address {
  const address = text.trim().toLowerCase();
  if (address.length > MAX_ADDRESS_CHARS) return fail(`address of ${address.length} characters`);
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(address);
  if (bracketed)
    return {
      host: parseIpv6(bracketed[1] ?? ''),
      port: parsePort(bracketed[2]),
    };
  const [host = '', port, ...rest] = address.split(':');
  if (rest.length > 0) return fail('an IPv6 address stands in brackets: [address]:port');
  return { host: parseHost(host), port: parsePort(port) };
}

/** `host:port`, IPv6 in brackets: what {@link parseAddress} reads. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function parseHost(host: string): string {
  if (host === '') return fail('the host is missing: host:port');
  // A last label of digits is an IPv4 address for every resolver; 1.2 or 0x7f.1 would mean another host than it seems to.
  const looksLikeIpv4 = /(^|\.)(\d+|0x[0-9a-f]*)\.?$/.test(host);
  if (looksLikeIpv4 ? !isIpv4(host) : !HOST_NAME.test(host)) return fail('not a host name or IP address');
  return host;
}

function parseIpv6(host: string): string {
  return isIpv6(host) ? host : fail('not an IPv6 address between the brackets');
}

function parsePort(port: string | undefined): number {
  if (port === undefined || port === '') return fail('the port is missing: host:port');
  const value = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  return value >= 1 && value <= 65_535 ? value : fail('the port is not a number from 1 to 65535');
}

function fail(what: string): never {
  throw new ProtocolError('MALFORMED_MESSAGE', what);
}
