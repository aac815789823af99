import { interfaceAddress } from '../testing/network-interface';
import { DiscoveryInterface } from './discovery-interface';
import { MAX_SCAN_HOSTS } from './limits';
import { planScan } from './scan-hosts';

const on = (...cidrs: string[]) => [
  new DiscoveryInterface(
    'eth0',
    cidrs.map((cidr) => interfaceAddress(cidr)),
  ),
];

describe('planScan', () => {
  it('takes the neighbours without the own address', () => {
    const { subnets, hosts } = planScan(on('192.168.1.2/29'));
    expect(subnets).toEqual(['192.168.1.0/29']);
    expect(hosts).toEqual(['192.168.1.1', '192.168.1.3', '192.168.1.4', '192.168.1.5', '192.168.1.6']);
  });

  it('takes of a large network the /24 around the own address', () => {
    const { subnets, hosts } = planScan(on('10.1.2.3/8'));
    expect(subnets).toEqual(['10.1.2.0/24']);
    expect(hosts).toHaveLength(253);
    expect([hosts[0], hosts.at(-1)]).toEqual(['10.1.2.1', '10.1.2.254']);
  });

  it('leaves public and IPv6 networks alone', () =>
    expect(planScan(on('203.0.113.5/24', '100.64.0.1/10', 'fd00::2/64'))).toEqual({ subnets: [], hosts: [] }));

  it('takes a subnet once', () => expect(planScan(on('192.168.1.2/24', '192.168.1.3/24')).hosts).toHaveLength(252));

  it('never takes the metadata service of clouds', () => {
    const { hosts } = planScan(on('169.254.169.7/16'));
    expect(hosts).toContain('169.254.169.253');
    expect(hosts).not.toContain('169.254.169.254');
  });

  it('takes no more than 1,024 hosts', () => {
    const cidrs = Array.from({ length: 8 }, (_, index) => `10.0.${index}.1/24`);
    expect(planScan(on(...cidrs)).hosts).toHaveLength(MAX_SCAN_HOSTS);
  });

  it('finds nobody on a link of one address', () => expect(planScan(on('10.8.0.2/32')).hosts).toEqual([]));
});
