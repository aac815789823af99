import { BlockList, isIPv4, isIPv6, type IPVersion } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

export type IpFamily = NetworkInterfaceInfo['family'];

/** Subnets may hold it, but what answers there is never a device: the metadata service of clouds. */
const NEVER = new BlockList();
NEVER.addAddress('169.254.169.254');

/** One network interface of this machine, and which addresses are neighbours on it. */
export class DiscoveryInterface {
  private readonly subnets = new BlockList();

  constructor(
    /** As the system calls it, for example `eth0`. */
    readonly name: string,
    readonly addresses: readonly NetworkInterfaceInfo[],
  ) {
    for (const { address, cidr, family } of addresses) {
      const prefix = Number(cidr?.split('/')[1]);
      if (Number.isInteger(prefix)) this.subnets.addSubnet(address, prefix, versionOf(family));
    }
  }

  get isLoopback(): boolean {
    return this.addresses.some(({ internal }) => internal);
  }

  /** Equal for as long as nothing about the interface changes. */
  get key(): string {
    return [this.name, ...this.addresses.map(({ cidr, address }) => cidr ?? address)].join(' ');
  }

  addressesOf(family: IpFamily): string[] {
    return this.addresses.filter((each) => each.family === family).map(({ address }) => address);
  }

  /** Whether the IP address, without zone, lies in a subnet of this interface. */
  isOnLink(address: string): boolean {
    const isV6 = isIPv6(address);
    // An IPv4 address in IPv6 clothes has no business in a record.
    if ((!isV6 && !isIPv4(address)) || address.includes('%') || /^::ffff:/i.test(address)) return false;
    const version = isV6 ? 'ipv6' : 'ipv4';
    return this.subnets.check(address, version) && !NEVER.check(address, version);
  }

  /** Whether a datagram from there came over this interface: its zone says so, else its subnet. */
  isNeighbour(source: string): boolean {
    const [address = '', zone] = source.split('%');
    if (zone === undefined) return this.isOnLink(address);
    return zone === this.name || this.addresses.some(({ scopeid }) => String(scopeid) === zone);
  }
}

export function isLinkLocalIpv6(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}

function versionOf(family: IpFamily): IPVersion {
  return family === 'IPv6' ? 'ipv6' : 'ipv4';
}
