import { TestDevice } from '../../transport/testing/test-device';
import { TestNode } from '../testing/test-node';
import { FreezableLine } from '../testing/freezable-line';
import { pair } from '../testing/pair';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('presence', () => {
  const peersOptions = { backOffFirstMs: 20, backOffMaxMs: 100 };
  let here: TestNode;
  let there: TestNode;

  beforeEach(async () => {
    here = await TestNode.start({ name: 'Here', peersOptions });
    there = await TestNode.start({ name: 'There', peersOptions });
    await pair(here, there);
  });
  afterEach(() => Promise.all([here.remove(), there.remove()]));

  const stateOf = (node: TestNode, other: TestNode) => node.peers.get(other.id).state;

  it('measures the latency of who is online', async () => {
    await here.until(() => here.peers.get(there.id).latencyMs !== undefined);
    expect(here.peers.get(there.id)).toMatchObject({ state: 'online', lastSeenAt: expect.any(String) });
    expect(here.peers.counts()).toEqual({ paired: 1, online: 1 });
  });

  it('tells listeners who went and who came', async () => {
    const heard: string[] = [];
    here.peers.news.onOffline((id) => heard.push(`offline ${id}`));
    here.peers.news.onOnline((id) => heard.push(`online ${id}`));
    const { id, folder, peerPort } = there;

    await there.stop();
    await here.until(() => heard.includes(`offline ${id}`));
    expect(here.peers.get(id)).toMatchObject({ state: 'offline', lastSeenAt: expect.any(String) });
    expect(here.peers.get(id)).not.toHaveProperty('latencyMs');

    there = await TestNode.start({ name: 'There', folder, peerPort, peersOptions });
    await here.until(() => heard.includes(`online ${id}`));
    await there.until(() => stateOf(there, here) === 'online');
    expect(heard).toEqual([`offline ${id}`, `online ${id}`]);
    expect(here.peers.get(id)).not.toHaveProperty('lastError');
  });

  it('is dialled by a peer that has moved to another port, and learns where it is', async () => {
    const { folder } = there;
    await there.stop();
    there = await TestNode.start({ name: 'There', folder, peersOptions });
    await here.until(() => stateOf(here, there) === 'online');
    expect(here.peers.get(there.id).addresses).toContain(there.peerAddress);
  });

  it('shows a new name of the other device', async () => {
    const { folder, peerPort } = there;
    await there.stop();
    there = await TestNode.start({ name: 'Renamed', folder, peerPort, peersOptions });
    await here.until(() => here.peers.get(there.id).name === 'Renamed');
  });

  it('gives the live session, or dials when asked', async () => {
    const live = await here.peers.sessionFor(there.id);
    expect(await here.peers.sessionFor(there.id)).toBe(live);
    live.abort(new Error('cut by the test'));
    const next = await here.peers.sessionFor(there.id);
    expect(next).not.toBe(live);
    expect(next.isOpen).toBe(true);
  });

  it('gives the session of a peer that is just coming, without dialling it', async () => {
    const nothing = { entries: [], nextCursor: null, total: 0 };
    const device = await TestDevice.start({ handlers: { 'files.list': () => nothing } });
    try {
      const unsubscribe = here.transport.onSession((session) => here.peers.trust(session));
      (await device.transport.dial(here.peerAddress)).close();
      unsubscribe();

      const asked = new Promise((resolve) =>
        here.transport.onSession(({ peerId }) => resolve(here.peers.sessionFor(peerId))),
      );
      await device.transport.dial(here.peerAddress);
      expect(await asked).toMatchObject({ peerId: device.id, isDialler: false });
    } finally {
      await device.stop();
    }
  });

  it('dials once for all who wait', async () => {
    const [live] = here.peers.onlineSessions();
    live?.abort(new Error('cut by the test'));
    const sessions = await Promise.all(Array.from({ length: 5 }, () => here.peers.sessionFor(there.id)));
    expect(new Set(sessions).size).toBe(1);
  });

  it('says offline when the peer cannot be reached', async () => {
    await there.stop();
    await here.until(() => stateOf(here, there) === 'offline');
    await expect(here.peers.sessionFor(there.id)).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(await here.call('GET', `/peers/${there.id}/files`)).toMatchObject({
      status: 503,
      body: { code: 'peer-offline', detail: expect.stringContaining('There is offline') },
    });
  });

  it('stops waiting when told to', async () => {
    await there.stop();
    await here.until(() => stateOf(here, there) === 'offline');
    const reason = new Error('enough');
    await expect(here.peers.sessionFor(there.id, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('cuts the sessions of a peer that is forgotten, which then knows', async () => {
    const session = await here.peers.sessionFor(there.id);
    const isClosed = new Promise((resolve) => session.onClose(resolve));
    expect(await there.call('DELETE', `/peers/${here.id}`)).toMatchObject({ status: 204 });
    await isClosed;
    await here.until(() => here.peers.get(there.id).lastError === 'There no longer trusts this device: pair again.');
    expect(here.peers.get(there.id)).toMatchObject({ state: 'offline', paired: true });
    await expect(here.peers.sessionFor(there.id)).rejects.toMatchObject({ code: 'NOT_PAIRED' });
    expect(there.peers.list().total).toBe(0);
  });

  it('tells the peers when the share changes', async () => {
    const noticed = new Promise((resolve) => here.peers.news.onShareChanged(resolve));
    await there.upload('hello.txt', 'hello');
    expect(await noticed).toBe(there.id);
    await here.until(() => here.published().some(([type]) => type === 'peers.share-changed'));
    expect(await here.call('GET', `/peers/${there.id}/files`)).toMatchObject({
      body: { items: [{ name: 'hello.txt', size: 5, kind: 'file' }], total: 1 },
    });
  });
});

describe('presence of a peer that falls silent', () => {
  it('ends after two heartbeats without an answer', async () => {
    const there = await TestNode.start({ name: 'There' });
    const here = await TestNode.start({ name: 'Here', peersOptions: { heartbeatMs: 100, missedHeartbeats: 2 } });
    const line = await FreezableLine.to(there.peerPort);
    try {
      await pair(there, here, (uri) => uri.replace(there.peerAddress, line.address));
      line.freeze();
      await here.until(() => here.peers.get(there.id).state === 'offline');
      expect(here.peers.get(there.id).lastError).toContain('has not answered for 0.2 seconds');
    } finally {
      line.close();
      await Promise.all([here.remove(), there.remove()]);
    }
  });
});
