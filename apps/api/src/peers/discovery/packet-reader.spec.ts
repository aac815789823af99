import fc from 'fast-check';
import { encode } from 'dns-packet';
import { interfaceAddress } from '../testing/network-interface';
import { DiscoveryInterface } from './discovery-interface';
import { MAX_PACKET_BYTES, MAX_PACKETS_PER_SECOND, MAX_PACKETS_PER_SOURCE, MAX_RECORDS } from './limits';
import { PacketGate } from './packet-gate';
import { PacketReader } from './packet-reader';
import { encodeAnnouncement, encodeQuery, instanceNameOf, SERVICE_NAME } from './service-records';

const OWN_ID = 'OWNOWNOWNOWNOW';
const ID = 'ABCDEFGHIJKLM2';
const ETH0 = new DiscoveryInterface('eth0', [interfaceAddress('192.168.1.2/24')]);
const ANNOUNCEMENT = Buffer.from(
  encodeAnnouncement({ id: ID, name: 'Anna', version: '0.1.0', port: 8000, addresses: ['192.168.1.5'] }),
);
const from = (port = 5353, address = '192.168.1.5') => ({ address, port, family: 'IPv4' as const, size: 0 });

function reader() {
  const seen: string[] = [];
  const asked: string[] = [];
  const made = new PacketReader<{ on: DiscoveryInterface }>(OWN_ID, {
    seen: ({ name }, via) => seen.push(`${name} via ${via}`),
    asked: (_, source) => asked.push(source),
  });
  return {
    seen,
    asked,
    read: (bytes: Uint8Array, source = from()) => made.read({ on: ETH0 }, Buffer.from(bytes), source),
  };
}

describe('PacketReader', () => {
  it('passes on who is seen and who asks', () => {
    const { seen, asked, read } = reader();
    read(ANNOUNCEMENT);
    read(encodeQuery());
    expect([seen, asked]).toEqual([['Anna via eth0'], ['192.168.1.5']]);
  });

  it('takes no notice of other ports: such packets want an answer of their own, or are forged by who may not bind 5353', () => {
    const { seen, asked, read } = reader();
    read(ANNOUNCEMENT, from(40_000));
    read(encodeQuery(), from(40_000));
    expect([seen, asked]).toEqual([[], []]);
  });

  it('does not answer who knows the answer, nor questions about others', () => {
    const { asked, read } = reader();
    const questions = [{ name: SERVICE_NAME, type: 'PTR' as const }];
    const known = { name: SERVICE_NAME, type: 'PTR' as const, data: instanceNameOf(OWN_ID) };
    read(encode({ type: 'query', questions, answers: [{ ...known, ttl: 8 }] }));
    read(encode({ type: 'query', questions: [{ name: instanceNameOf(ID), type: 'SRV' }] }));
    expect(asked).toEqual([]);
    read(encode({ type: 'query', questions, answers: [{ ...known, ttl: 2 }] }));
    read(encode({ type: 'query', questions: [{ name: instanceNameOf(OWN_ID), type: 'SRV' }] }));
    expect(asked).toHaveLength(2);
  });

  it('survives any bytes behind a header that lets them in', () => {
    const count = fc.nat(8).map((records) => [0, records]);
    const header = fc.tuple(count, count, count, count).map((counts) => [0, 0, 0x84, 0, ...counts.flat()]);
    const part = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(header, part, part, (head, before, after) =>
        reader().read(Buffer.concat([Buffer.from(head), before, Buffer.from('\x06_ferry'), after])),
      ),
      { numRuns: 2_000 },
    );
  });

  it('survives an announcement with any of its bytes changed or its end cut off', () => {
    const change = fc.tuple(fc.nat(ANNOUNCEMENT.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat(ANNOUNCEMENT.length), (changes, length) => {
        const bytes = Buffer.from(ANNOUNCEMENT);
        for (const [offset, value] of changes) bytes[offset] = value;
        reader().read(bytes.subarray(0, length));
      }),
      { numRuns: 2_000 },
    );
  });

  it('survives names that point at themselves', () => {
    const bytes = Buffer.from(ANNOUNCEMENT);
    bytes.writeUInt16BE(0xc00c, 12); // the first name begins with a pointer to itself
    expect(() => reader().read(bytes)).not.toThrow();
  });
});

describe('PacketGate', () => {
  const admits = (packet: Uint8Array) => new PacketGate().admits(packet, 'a', 0);

  it('lets announcements in', () => expect(admits(ANNOUNCEMENT)).toBe(true));

  it('refuses headers that promise more records than a packet of ours has', () => {
    const packet = Buffer.from(ANNOUNCEMENT);
    packet.writeUInt16BE(MAX_RECORDS + 1, 10);
    expect(admits(packet)).toBe(false);
    packet.fill(0xff, 4, 12);
    expect(admits(packet)).toBe(false);
  });

  it('refuses what is too short, too long or of another service', () => {
    expect(admits(ANNOUNCEMENT.subarray(0, 11))).toBe(false);
    expect(admits(Buffer.concat([ANNOUNCEMENT, Buffer.alloc(MAX_PACKET_BYTES)]))).toBe(false);
    expect(admits(encode({ type: 'query', questions: [{ name: '_http._tcp.local', type: 'PTR' }] }))).toBe(false);
  });

  it('bounds what is decoded in a second, of one source and in all', () => {
    const gate = new PacketGate();
    const admitted = (source: string, now: number) =>
      Array.from({ length: 100 }, () => gate.admits(ANNOUNCEMENT, source, now)).filter(Boolean).length;
    expect(admitted('a', 0)).toBe(MAX_PACKETS_PER_SOURCE);
    expect(admitted('b', 0)).toBe(MAX_PACKETS_PER_SOURCE);
    const others = Array.from({ length: 300 }, (_, index) => admitted(`c${index}`, 0));
    expect(others.reduce((sum, count) => sum + count, 0)).toBe(MAX_PACKETS_PER_SECOND - 2 * MAX_PACKETS_PER_SOURCE);
    expect(admitted('a', 1_000)).toBe(MAX_PACKETS_PER_SOURCE);
  });
});
