import { decode, encode, type Answer, type Packet } from 'dns-packet';
import { interfaceAddress } from '../testing/network-interface';
import { DiscoveryInterface } from './discovery-interface';
import { MAX_ADDRESSES } from './limits';
import { encodeAnnouncement, encodeGoodbye, instanceNameOf, SERVICE_NAME } from './service-records';
import { readSightings } from './sightings';

const ID = 'ABCDEFGHIJKLM2';
const ETH0 = new DiscoveryInterface(
  'eth0',
  ['192.168.1.2/24', 'fd00::2/64', 'fe80::2/64'].map((cidr) => interfaceAddress(cidr)),
);
const LO = new DiscoveryInterface('lo', [interfaceAddress('127.0.0.1/8', true)]);
const OWN = { id: ID, name: 'Anna', version: '0.1.0', port: 8000, addresses: ['192.168.1.5'] };

const read = (bytes: Uint8Array, on = ETH0, source = '192.168.1.5') =>
  readSightings(decode(Buffer.from(bytes)), source, on);
/** A response as anybody can make it. */
const readRecords = (answers: Answer[], rest: Packet = {}) => read(encode({ type: 'response', answers, ...rest }));
const srv = (name = instanceNameOf(ID), port = 8000): Answer => ({
  type: 'SRV',
  name,
  ttl: 9,
  data: { port, target: 'h.local' },
});
const txt = (data: string[], name = instanceNameOf(ID)): Answer => ({ type: 'TXT', name, ttl: 9, data });
const a = (data: string): Answer => ({ type: data.includes(':') ? 'AAAA' : 'A', name: 'h.local', ttl: 9, data });
const good = [srv(), txt([`id=${ID}`, 'name=Anna'])];

describe('sightings', () => {
  it('reads what a device announces', () =>
    expect(read(encodeAnnouncement(OWN))).toEqual([
      { id: ID, name: 'Anna', addresses: ['192.168.1.5:8000'], ttlMs: 8_000 },
    ]));

  it('reads a goodbye', () => {
    const goodbye = { id: ID, name: '', addresses: [], ttlMs: 0 };
    expect(read(encodeGoodbye(OWN))).toEqual([goodbye]);
    expect(readRecords([{ type: 'PTR', name: SERVICE_NAME, ttl: 0, data: instanceNameOf(ID) }])).toEqual([goodbye]);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['the metadata service of clouds', '169.254.169.254'],
    ['a public address', '93.184.216.34'],
    ['another private network', '10.0.0.5'],
    ['an IPv4 address in IPv6 clothes', '::ffff:192.168.1.5'],
    ['IPv6 loopback', '::1'],
    ['another IPv6 network', 'fd01::5'],
    ['nobody', '0.0.0.0'],
    ['everybody', '224.0.0.251'],
  ])('does not take %s for a neighbour', (_, address) => expect(readRecords([...good, a(address)])).toEqual([]));

  it('takes the metadata address not even where it is in the subnet', () => {
    const linkLocal = new DiscoveryInterface('eth1', [interfaceAddress('169.254.3.4/16')]);
    expect(read(encodeAnnouncement({ ...OWN, addresses: ['169.254.169.254'] }), linkLocal)).toEqual([]);
  });

  it('takes loopback on loopback', () =>
    expect(read(encodeAnnouncement({ ...OWN, addresses: ['127.0.0.1'] }), LO)).toMatchObject([
      { addresses: ['127.0.0.1:8000'] },
    ]));

  it('takes IPv6 neighbours; a link-local address gets the interface that heard it', () =>
    expect(readRecords([...good, a('fd00::5'), a('fe80::5')])).toMatchObject([
      { addresses: ['[fd00::5]:8000', '[fe80::5%eth0]:8000'] },
    ]));

  it('takes the sender where no address is given, if it is a neighbour', () => {
    expect(readRecords(good)).toMatchObject([{ addresses: ['192.168.1.5:8000'] }]);
    const bytes = encode({ type: 'response', answers: good });
    expect(read(bytes, ETH0, 'fe80::9%eth0')).toMatchObject([{ addresses: ['[fe80::9%eth0]:8000'] }]);
    expect(read(bytes, ETH0, '93.184.216.34')).toEqual([]);
  });

  it('bounds addresses and the time that records are good', () => {
    const many = Array.from({ length: 20 }, (_, index) => a(`192.168.1.${index + 10}`));
    const [sighting] = readRecords([{ ...srv(), ttl: 4_000_000_000 } as Answer, ...good.slice(1), ...many]);
    expect(sighting?.addresses).toHaveLength(MAX_ADDRESSES);
    expect(sighting?.ttlMs).toBe(120_000);
  });

  it.each([
    ['no text', [srv()]],
    ['text without id', [srv(), txt(['name=Anna'])]],
    ['an id that is not that of the name', [srv(), txt(['id=BBBBBBBBBBBBBB'])]],
    ['an id of lower-case letters', [srv(`${ID.toLowerCase()}.${SERVICE_NAME}`), txt([`id=${ID.toLowerCase()}`])]],
    ['a short id', [srv(`ABC.${SERVICE_NAME}`), txt(['id=ABC'], `ABC.${SERVICE_NAME}`)]],
    ['a whole device id', [srv(`${ID.repeat(4)}.${SERVICE_NAME}`), txt([`id=${ID.repeat(4)}`])]],
    ['another service', [srv(`${ID}._http._tcp.local`), txt([`id=${ID}`], `${ID}._http._tcp.local`)]],
    ['port 0', [srv(instanceNameOf(ID), 0), txt([`id=${ID}`])]],
  ])('skips %s', (_, answers) => expect(readRecords(answers)).toEqual([]));

  it.each([
    ['\u001b[2J\u202Eevil\r\n\u0000', '[2J evil'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'], // text to whoever renders it
    ['\u200B\u2066 ', 'unnamed device'],
    ['CON', 'CON'],
    ['../../etc/passwd', '../../etc/passwd'],
    ['x'.repeat(200), 'x'.repeat(64)],
  ])('makes the name %j one safe line', (announced, shown) => {
    const answers = [srv(), txt([`id=${ID}`, `name=${announced}`])];
    expect(readRecords(answers)).toMatchObject([{ name: shown }]);
  });

  it('survives names that are not UTF-8 and keys without value', () => {
    const data = [
      Buffer.from(`id=${ID}`),
      Buffer.from([0x6e, 0x61, 0x6d, 0x65, 0x3d, 0xff, 0xfe, 0x41]),
      Buffer.from('x'),
    ];
    expect(readRecords([srv(), { type: 'TXT', name: instanceNameOf(ID), ttl: 9, data }])).toMatchObject([
      { name: '\ufffd\ufffdA' },
    ]);
  });

  it('cuts a name that is too long for a record between two characters', () => {
    const [sighting] = read(encodeAnnouncement({ ...OWN, name: '😀'.repeat(64) }));
    expect(sighting?.name).toBe('😀'.repeat(62));
  });
});
