import { GOODBYE_GRACE_MS, MAX_ADDRESSES, MAX_NEARBY, MAX_NEWS_PER_SECOND } from './limits';
import { NearbyTable } from './nearby-table';

const OWN_ID = 'O'.repeat(14);
const SECOND_MS = 1_000;
const TTL_MS = 9_000;

const idOf = (index: number): string =>
  index
    .toString(32)
    .toUpperCase()
    .replace(/[0189]/g, (c) => 'WXYZ'['0189'.indexOf(c)] ?? c)
    .padStart(14, 'W');
const sighting = (change: { id?: string; name?: string; addresses?: string[]; ttlMs?: number } = {}) => ({
  id: 'A'.repeat(14),
  name: 'Anna',
  addresses: ['192.168.1.5:8000'],
  ttlMs: TTL_MS,
  ...change,
});
const kinds = (changes: readonly { kind: string }[]) => changes.map(({ kind }) => kind);

describe('NearbyTable', () => {
  it('says once that a device came, and only then what changed', () => {
    const table = new NearbyTable(OWN_ID);
    expect(kinds(table.note(sighting(), 'eth0', 0))).toEqual(['added']);
    expect(table.note(sighting(), 'eth0', 100)).toEqual([]);
    expect(kinds(table.note(sighting({ name: 'Berta' }), 'eth0', 200))).toEqual(['changed']);
    expect(table.find('A'.repeat(14))).toMatchObject({ name: 'Berta', lastSeenMs: 200 });
  });

  it('takes no notice of its own announcements', () => {
    const table = new NearbyTable(OWN_ID);
    expect(table.note(sighting({ id: OWN_ID }), 'eth0', 0)).toEqual([]);
    expect(table.size).toBe(0);
  });

  it('drops a device when its time is over, and not before', () => {
    const table = new NearbyTable(OWN_ID);
    table.note(sighting(), 'eth0', 0);
    table.note(sighting(), 'eth0', 5_000);
    expect(table.expire(5_000 + TTL_MS - 1)).toEqual([]);
    expect(kinds(table.expire(5_000 + TTL_MS))).toEqual(['removed']);
    expect(table.all()).toEqual([]);
  });

  it('keeps what is seen over one interface when another is left', () => {
    const table = new NearbyTable(OWN_ID);
    table.note(sighting(), 'eth0', 0);
    table.note(sighting({ addresses: ['10.0.0.5:8000'] }), 'wlan0', 0);
    table.note(sighting({ ttlMs: 0, addresses: [] }), 'eth0', 100);
    expect(kinds(table.expire(100 + GOODBYE_GRACE_MS))).toEqual(['changed']);
    expect(table.find('A'.repeat(14))?.addresses).toEqual(['10.0.0.5:8000']);
  });

  it('lets a device contradict a goodbye that others say in its name', () => {
    const table = new NearbyTable(OWN_ID);
    table.note(sighting(), 'eth0', 0);
    table.note(sighting({ ttlMs: 0, addresses: [] }), 'eth0', 100);
    table.note(sighting(), 'eth0', 200);
    expect(table.expire(100 + GOODBYE_GRACE_MS)).toEqual([]);
    expect(table.size).toBe(1);
  });

  it('ignores the goodbye of a device that it does not know', () => {
    const table = new NearbyTable(OWN_ID);
    expect(table.note(sighting({ ttlMs: 0 }), 'eth0', 0)).toEqual([]);
  });

  it('holds a bounded number of devices; the one not seen for longest goes', () => {
    const table = new NearbyTable(OWN_ID);
    for (let index = 0; index < MAX_NEARBY; index += 1) table.note(sighting({ id: idOf(index) }), 'eth0', index * 100);
    const now = MAX_NEARBY * 100;
    table.note(sighting({ id: idOf(0) }), 'eth0', now); // seen again
    const changes = table.note(sighting({ id: idOf(MAX_NEARBY) }), 'eth0', now);
    expect(changes).toMatchObject([
      { kind: 'removed', device: { id: idOf(1) } },
      { kind: 'added', device: { id: idOf(MAX_NEARBY) } },
    ]);
    expect(table.size).toBe(MAX_NEARBY);
    expect(table.find(idOf(0))).toBeDefined();
  });

  it('makes few news of many announcements', () => {
    const table = new NearbyTable(OWN_ID);
    const changes = Array.from({ length: 10_000 }, (_, index) => table.note(sighting({ id: idOf(index) }), 'eth0', 0));
    expect(changes.flat()).toHaveLength(MAX_NEWS_PER_SECOND);
    expect(table.size).toBe(MAX_NEWS_PER_SECOND);
    expect(kinds(table.note(sighting({ id: idOf(10_001) }), 'eth0', SECOND_MS))).toEqual(['added']);
  });

  it('keeps a device alive whose news have to wait', () => {
    const table = new NearbyTable(OWN_ID);
    table.note(sighting(), 'eth0', 0);
    for (let index = 1; index <= MAX_NEWS_PER_SECOND; index += 1)
      table.note(sighting({ id: idOf(index) }), 'eth0', 5_000);
    expect(table.note(sighting({ name: 'Later' }), 'eth0', 5_000)).toEqual([]);
    table.expire(TTL_MS + 1);
    expect(table.find('A'.repeat(14))).toMatchObject({ name: 'Anna', addresses: ['192.168.1.5:8000'] });
  });

  it('does not let others push out the addresses of a device', () => {
    const table = new NearbyTable(OWN_ID);
    table.note(sighting(), 'eth0', 0);
    const others = Array.from({ length: 2 * MAX_ADDRESSES }, (_, index) => `192.168.1.${100 + index}:8000`);
    table.note(sighting({ addresses: others }), 'eth0', 1_000);
    const { addresses = [] } = table.find('A'.repeat(14)) ?? {};
    expect(addresses).toHaveLength(MAX_ADDRESSES);
    expect(addresses[0]).toBe('192.168.1.5:8000');
  });
});
