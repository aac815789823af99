import { networkInterfaces } from 'node:os';
import { formatAddress } from '@ferry/protocol';

/** What `os.networkInterfaces` tells that matters here. */
type Interfaces = ReturnType<typeof networkInterfaces>;

const MAX_ADDRESSES = 8;

/**
 * Addresses on which a peer server bound to `host` can be reached: `host` itself, or for a wildcard those of the
 * non-internal interfaces, or loopback when there are none. `0.0.0.0` does not listen on IPv6, `::` on both.
 */
export function listeningAddresses(host: string, port: number, interfaces: Interfaces = networkInterfaces()): string[] {
  const hosts = isWildcard(host) ? interfaceHosts(host, interfaces) : [host];
  return hosts.map((each) => formatAddress({ host: each, port }));
}

function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::';
}

function interfaceHosts(host: string, interfaces: Interfaces): string[] {
  const known = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal);
  const v4 = known.filter(({ family }) => family === 'IPv4');
  // A link-local IPv6 address means nothing on another device without its own zone.
  const v6 = known.filter(({ family, address }) => family === 'IPv6' && !/^fe[89ab]/i.test(address));
  const usable = host === '0.0.0.0' ? v4 : [...v4, ...v6];
  if (usable.length === 0) return ['127.0.0.1'];
  return usable.slice(0, MAX_ADDRESSES).map(({ address }) => address);
}
