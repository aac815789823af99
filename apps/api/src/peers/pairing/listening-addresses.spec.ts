import type { NetworkInterfaceInfo } from 'node:os';
import { listeningAddresses } from './listening-addresses';

const info = (family: 'IPv4' | 'IPv6', address: string, internal = false): NetworkInterfaceInfo => {
  const common = { address, internal, netmask: '', mac: '', cidr: null };
  return family === 'IPv4' ? { ...common, family } : { ...common, family, scopeid: 0 };
};

const INTERFACES = {
  lo: [info('IPv4', '127.0.0.1', true), info('IPv6', '::1', true)],
  eth0: [info('IPv6', 'fe80::1'), info('IPv6', 'fd00::5'), info('IPv4', '192.168.1.20')],
};

describe('listeningAddresses', () => {
  it('is the bound address', () =>
    expect(listeningAddresses('127.0.0.1', 8001, INTERFACES)).toEqual(['127.0.0.1:8001']));

  it('puts a bound IPv6 address in brackets', () =>
    expect(listeningAddresses('::1', 8001, INTERFACES)).toEqual(['[::1]:8001']));

  it('is every external IPv4 address for 0.0.0.0', () =>
    expect(listeningAddresses('0.0.0.0', 8000, INTERFACES)).toEqual(['192.168.1.20:8000']));

  it('is every external address but link-local ones for ::', () =>
    expect(listeningAddresses('::', 8000, INTERFACES)).toEqual(['192.168.1.20:8000', '[fd00::5]:8000']));

  it('is loopback when there is no other interface', () =>
    expect(listeningAddresses('0.0.0.0', 8000, { lo: INTERFACES.lo })).toEqual(['127.0.0.1:8000']));
});
