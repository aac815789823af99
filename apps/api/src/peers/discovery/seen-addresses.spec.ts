import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { pair } from '../testing/pair';
import { TestNode } from '../testing/test-node';
import { nearbyIdOf } from './service-records';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

/** Takes connections at `port` of 127.0.0.1 in the place of a node, and ends them. */
async function decoyAt(port: number): Promise<Server> {
  const decoy = createServer((socket) => {
    socket.destroy();
    decoy.emit('dialled');
  }).listen(port, '127.0.0.1');
  await once(decoy, 'listening');
  return decoy;
}

describe('where a device announces itself', () => {
  const peersOptions = { backOffFirstMs: 20, backOffMaxMs: 50 };
  let here: TestNode;
  let there: TestNode;

  const see = (name = 'There?') =>
    here.nearby.note({ id: nearbyIdOf(there.id), name, addresses: [there.peerAddress], ttlMs: 60_000 }, 'lo');
  const restart = (node: TestNode, name: string) => TestNode.start({ name, folder: node.folder, peersOptions });

  beforeEach(async () => {
    here = await TestNode.start({ name: 'Here', peersOptions });
    there = await TestNode.start({ name: 'There', peersOptions });
  });
  afterEach(() => Promise.all([here.remove(), there.remove()]));

  it('is where a nearby device can be met, under a short id', async () => {
    see();
    const id = nearbyIdOf(there.id);
    expect(await here.call('GET', `/peers/${id}`)).toMatchObject({
      status: 200,
      body: { id, name: 'There?', state: 'nearby', seenAt: [there.peerAddress], addresses: [] },
    });
    expect(here.peers.list()).toMatchObject({ items: [{ id }], total: 1 });
    expect(here.peers.counts()).toEqual({ paired: 0, online: 0 });
    expect(await here.call('GET', `/peers/${id.toLowerCase()}`)).toMatchObject({ status: 404 });
  });

  it('moves from the nearby device to the known one and back', async () => {
    see();
    await pair(there, here);
    expect(here.peers.list()).toMatchObject({ items: [{ id: there.id, seenAt: [there.peerAddress] }], total: 1 });
    expect(await here.call('GET', `/peers/${nearbyIdOf(there.id)}`)).toMatchObject({ status: 404 });
    here.peers.remove(there.id);
    expect(here.peers.list()).toMatchObject({ items: [{ id: nearbyIdOf(there.id), state: 'nearby' }], total: 1 });

    const of = (id: string) => here.published().filter(([, data]) => (data as { id?: string }).id === id);
    expect(of(nearbyIdOf(there.id)).map(([type]) => type)).toEqual(['peers.added', 'peers.removed', 'peers.added']);
    expect(of(there.id).at(-1)?.[0]).toBe('peers.removed');
  });

  it('tells of a known device when it is seen, and keeps the name that is known', async () => {
    await pair(there, here);
    const published = here.published().length;
    see('Evil name');
    expect(here.published().slice(published)).toMatchObject([
      ['peers.changed', { id: there.id, name: 'There', seenAt: [there.peerAddress] }],
    ]);
  });

  it('is dialled for the user, after the remembered addresses, and remembered when it was right', async () => {
    await pair(there, here);
    await Promise.all([here.stop(), there.stop()]);
    const oldAddress = there.peerAddress;
    const decoy = await decoyAt(there.peerPort);
    here = await restart(here, 'Here'); // both have moved: neither knows the other's address
    there = await restart(there, 'There');
    see();
    for (let dials = 0; dials < 5; dials += 1) await once(decoy, 'dialled');
    expect(here.peers.get(there.id).state).toBe('offline'); // by itself it goes only where it has been

    const session = await here.peers.sessionFor(there.id);
    expect(session.peerId).toBe(there.id);
    await here.until(() => here.peers.get(there.id).state === 'online');
    await here.until(() => here.peers.get(there.id).addresses[0] === there.peerAddress); // last good one first
    expect(here.peers.get(there.id).addresses).toContain(oldAddress);
    decoy.close();
  });

  it('leads to nobody but the device that is meant', async () => {
    const evil = await TestNode.start({ name: 'Evil' });
    await pair(there, here);
    await there.stop();
    await here.until(() => here.peers.get(there.id).state === 'offline');
    here.nearby.note({ id: nearbyIdOf(there.id), name: 'There', addresses: [evil.peerAddress], ttlMs: 60_000 }, 'lo');
    await expect(here.peers.sessionFor(there.id)).rejects.toMatchObject({ name: 'PeerError' });
    expect(here.peers.get(there.id)).toMatchObject({ state: 'offline' });
    expect(here.peers.get(there.id).addresses).not.toContain(evil.peerAddress);
    await evil.remove();
  });
});
