import type { Peer } from '@ferry/protocol';
import { canMakeNetworks, NetworkIsland } from './support/network-island';

const PROMISED_MS = 10_000;
const CABLE_1 = [['10.77.1.1/24', '10.77.1.2/24']] as const;
const CABLE_2 = [['fd77:2::1/64', 'fd77:2::2/64']] as const;
const isMissing = !canMakeNetworks();
if (isMissing) {
  console.warn(
    'SKIPPED: discovery over two networks. It needs Linux, root and iproute2 to make network namespaces; nothing else tests interfaces that come and go.',
  );
}
const describeNetworks = isMissing ? describe.skip : describe;

const named = (peers: readonly Peer[], name: string) => peers.find((peer) => peer.name === name);

describeNetworks('discovery of a device with two networks, one of IPv4 and one of IPv6 alone', () => {
  const islands: NetworkIsland[] = [];
  let middle: NetworkIsland;
  let left: NetworkIsland;
  let right: NetworkIsland;

  beforeAll(async () => {
    [middle, left, right] = ['middle', 'left', 'right'].map((name) => {
      const island = NetworkIsland.create(name);
      islands.push(island);
      return island;
    }) as [NetworkIsland, NetworkIsland, NetworkIsland];
    middle.plug(left, 'cable1', CABLE_1);
    middle.plug(right, 'cable2', CABLE_2);
    await Promise.all(islands.map((island) => island.start()));
  });
  afterAll(() => Promise.all(islands.map((island) => island.dispose())));

  it('sees the devices of both', async () => {
    const seenAt = (name: string, host: string) => (peers: readonly Peer[]) =>
      named(peers, name)?.seenAt.includes(NetworkIsland.addressOf(host)) ?? false;
    await middle.until(seenAt('left', '10.77.1.2'), PROMISED_MS, 'the left device');
    await middle.until(seenAt('right', 'fd77:2::2'), PROMISED_MS, 'the right device');
  });

  it('tells each network only the addresses that it has there', async () => {
    await left.until((peers) => named(peers, 'middle') !== undefined, PROMISED_MS, 'the middle device');
    await right.until((peers) => named(peers, 'middle') !== undefined, PROMISED_MS, 'the middle device');
    expect(JSON.stringify(named(left.peers, 'middle')?.seenAt)).not.toContain('fd77');
    expect(JSON.stringify(named(right.peers, 'middle')?.seenAt)).not.toContain('10.77');
    expect(named(left.peers, 'right')).toBeUndefined(); // nothing is carried from one to the other
    expect(named(right.peers, 'left')).toBeUndefined();
  });

  it('can be met where it is seen, also at link-local addresses', async () => {
    const { seenAt = [] } = named(right.peers, 'middle') ?? {};
    expect(seenAt.some((address) => /^\[fe80:.*%cable2\]:8000$/.test(address))).toBe(true);
    for (const address of seenAt) {
      expect(await right.add(address)).toMatchObject({ name: 'middle', state: 'pending' });
    }
  });

  it('follows a cable that is pulled out and put in again', async () => {
    middle.unplug('cable1');
    await middle.until((peers) => !named(peers, 'left'), PROMISED_MS, 'the end of the left device');
    await left.until((peers) => !named(peers, 'middle'), PROMISED_MS, 'the end of the middle device');
    expect(named(middle.peers, 'right')).toBeDefined();
    middle.plug(left, 'cable3', CABLE_1);
    await middle.until((peers) => named(peers, 'left') !== undefined, PROMISED_MS, 'the left device again');
    await left.until((peers) => named(peers, 'middle') !== undefined, PROMISED_MS, 'the middle device again');
  });
});
