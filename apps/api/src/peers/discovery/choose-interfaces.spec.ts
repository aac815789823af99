import { interfaceAddress } from '../testing/network-interface';
import { announcedAddresses, chooseInterfaces } from './choose-interfaces';
import { DiscoveryInterface } from './discovery-interface';

const lo = [interfaceAddress('127.0.0.1/8', true), interfaceAddress('::1/128', true)];
const eth0 = [interfaceAddress('192.168.1.2/24'), interfaceAddress('fe80::2/64')];
const wlan0 = [interfaceAddress('10.0.0.2/8')];
const networks = { lo, eth0, wlan0 };
const names = (
  choice: { peerHost: string; discoveryInterface?: string },
  of: typeof networks | { lo: typeof lo } = networks,
) => chooseInterfaces(choice, of).map(({ name }) => name);

describe('the interfaces of discovery', () => {
  it('are all that lead outside', () => expect(names({ peerHost: '0.0.0.0' })).toEqual(['eth0', 'wlan0']));
  it('are loopback where nothing leads outside', () => expect(names({ peerHost: '::' }, { lo })).toEqual(['lo']));
  it('are none but loopback when the peer server listens there alone', () => {
    for (const peerHost of ['127.0.0.1', '127.0.0.2', '::1', 'localhost']) expect(names({ peerHost })).toEqual(['lo']);
  });
  it('are the one on which the peer server listens', () => expect(names({ peerHost: '10.0.0.2' })).toEqual(['wlan0']));
  it('are the one that is named', () => {
    expect(names({ peerHost: '0.0.0.0', discoveryInterface: '192.168.1.2' })).toEqual(['eth0']);
    expect(names({ peerHost: '0.0.0.0', discoveryInterface: '127.0.0.1' })).toEqual(['lo']);
    expect(names({ peerHost: '0.0.0.0', discoveryInterface: '172.16.0.1' })).toEqual([]);
  });
});

describe('the announced addresses', () => {
  const loopback = new DiscoveryInterface('lo', lo);
  const ethernet = new DiscoveryInterface('eth0', eth0);

  it('are those of the interface in the IP versions that are listened on', () => {
    expect(announcedAddresses(ethernet, '0.0.0.0')).toEqual(['192.168.1.2']);
    expect(announcedAddresses(ethernet, '::')).toEqual(['192.168.1.2', 'fe80::2']);
  });
  it('are none where the peer server does not listen', () => {
    expect(announcedAddresses(ethernet, '127.0.0.1')).toEqual([]);
    expect(announcedAddresses(ethernet, '10.0.0.2')).toEqual([]);
    expect(announcedAddresses(loopback, '192.168.1.2')).toEqual([]);
  });
  it('are the one address that is listened on', () => {
    expect(announcedAddresses(ethernet, '192.168.1.2')).toEqual(['192.168.1.2']);
    expect(announcedAddresses(loopback, '127.0.0.2')).toEqual(['127.0.0.2']);
    expect(announcedAddresses(loopback, 'localhost')).toEqual(['127.0.0.1']);
  });
});
