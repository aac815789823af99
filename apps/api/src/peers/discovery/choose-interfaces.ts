import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { AppConfig } from '../../config/app-config';
import { isLoopbackHost } from '../../config/rules';
import { DiscoveryInterface } from './discovery-interface';
import { MAX_ADDRESSES, MAX_INTERFACES } from './limits';

type Choice = Pick<AppConfig, 'peerHost' | 'discoveryInterface'>;

/**
 * The interfaces to discover on: the one with the configured address; else the one on which the peer server listens;
 * for a wildcard all that lead outside, or loopback when none does.
 */
export function chooseInterfaces(
  { peerHost, discoveryInterface }: Choice,
  networks: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): DiscoveryInterface[] {
  const all = Object.entries(networks).map(([name, addresses]) => new DiscoveryInterface(name, addresses ?? []));
  const wanted = discoveryInterface ?? (isOneAddress(peerHost) ? peerHost : undefined);
  const chosen = all.filter((each) => (wanted === undefined ? !each.isLoopback : has(each, wanted)));
  const outside = chosen.filter(({ addresses }) => addresses.length > 0);
  const isAlone = wanted === undefined && outside.length === 0;
  return (isAlone ? all.filter(({ isLoopback }) => isLoopback) : outside).slice(0, MAX_INTERFACES);
}

/** Addresses of the interface at which a peer server bound to `peerHost` answers. `0.0.0.0` means IPv4 alone. */
export function announcedAddresses(on: DiscoveryInterface, peerHost: string): string[] {
  if (isLoopbackHost(peerHost)) return on.isLoopback ? [peerHost === 'localhost' ? '127.0.0.1' : peerHost] : [];
  if (isOneAddress(peerHost)) return on.isOnLink(peerHost) ? [peerHost] : [];
  const v6 = peerHost === '0.0.0.0' ? [] : on.addressesOf('IPv6');
  return [...on.addressesOf('IPv4'), ...v6].slice(0, MAX_ADDRESSES);
}

function isOneAddress(host: string): boolean {
  return isLoopbackHost(host) || (isIP(host) !== 0 && host !== '0.0.0.0' && host !== '::');
}

/** Whether the address is one of the interface's; 127.0.0.2 is on loopback as well. */
function has(each: DiscoveryInterface, address: string): boolean {
  if (isLoopbackHost(address)) return each.isLoopback;
  return each.addresses.some((own) => own.address === address);
}
