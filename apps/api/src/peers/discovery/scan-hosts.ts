import { BlockList } from 'node:net';
import type { DiscoveryInterface } from './discovery-interface';
import { MAX_SCAN_HOSTS, SCAN_PREFIX_BITS } from './limits';

/** What a scan looks at. */
export interface ScanPlan {
  /** For example `192.168.1.0/24`. */
  readonly subnets: readonly string[];
  /** IPv4 addresses. */
  readonly hosts: readonly string[];
}

const IPV4_BITS = 32;
/** Networks of which a home or an office is made: RFC 1918, RFC 3927, RFC 1122. */
const OWN_NETWORKS = new BlockList();
OWN_NETWORKS.addSubnet('10.0.0.0', 8);
OWN_NETWORKS.addSubnet('172.16.0.0', 12);
OWN_NETWORKS.addSubnet('192.168.0.0', 16);
OWN_NETWORKS.addSubnet('169.254.0.0', 16);
OWN_NETWORKS.addSubnet('127.0.0.0', 8);

/** The neighbours of this machine in private IPv4 networks: at most the /24 around each own address, and 1,024 hosts in all. */
export function planScan(interfaces: readonly DiscoveryInterface[]): ScanPlan {
  const subnets = new Map<string, string[]>();
  const own = new Set(interfaces.flatMap((each) => each.addressesOf('IPv4')));
  let left = MAX_SCAN_HOSTS;
  for (const on of interfaces) {
    for (const { address, cidr, family } of on.addresses) {
      if (family !== 'IPv4' || !OWN_NETWORKS.check(address)) continue;
      const bits = Math.max(SCAN_PREFIX_BITS, Number(cidr?.split('/')[1] ?? IPV4_BITS));
      const subnet = `${toText(networkOf(address, bits))}/${bits}`;
      if (subnets.has(subnet)) continue;
      const hosts = hostsOf(address, bits).filter((host) => !own.has(host) && on.isOnLink(host));
      subnets.set(subnet, hosts.slice(0, left));
      left -= Math.min(left, hosts.length);
    }
  }
  return { subnets: [...subnets.keys()], hosts: [...subnets.values()].flat() };
}

/** Without the network and broadcast addresses, where there are such. */
function hostsOf(address: string, bits: number): string[] {
  const count = 2 ** (IPV4_BITS - bits);
  const first = networkOf(address, bits);
  const all = Array.from({ length: count }, (_, index) => toText(first + index));
  return count > 2 ? all.slice(1, -1) : all;
}

function networkOf(address: string, bits: number): number {
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (IPV4_BITS - bits);
  return Math.floor(value / size) * size;
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
