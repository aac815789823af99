import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PATTERNS, type FileEntry, type Peer, type Problem } from '@ferry/protocol';
import { FreezableLine } from './testing/freezable-line';
import { pair } from './testing/pair';
import { Stranger } from './testing/stranger';
import { TestNode } from './testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

const DEFAULTS = { seeMyFiles: true, sendToMe: true, autoAcceptBytes: 0, blocked: false };
/** Within which a cut session must be gone. */
const CUT_MS = 1_000;

describe('what a peer may do', () => {
  let here: TestNode;
  let there: TestNode;

  beforeEach(async () => {
    here = await TestNode.start({ name: 'Here' });
    there = await TestNode.start({ name: 'There' });
    await pair(here, there);
  });
  afterEach(() => Promise.all([here.remove(), there.remove()]));

  const patch = (permissions: unknown, id = there.id) => here.call('PATCH', `/peers/${id}`, { permissions });
  const isOnline = () => here.peers.get(there.id).state === 'online';

  it('is everything but to be accepted unasked, then what the user says, also after a restart', async () => {
    expect(here.peers.get(there.id).permissions).toEqual(DEFAULTS);
    expect(await patch({ sendToMe: false })).toMatchObject({
      status: 200,
      body: { permissions: { ...DEFAULTS, sendToMe: false } },
    });
    const wanted = { seeMyFiles: false, sendToMe: false, autoAcceptBytes: 2 ** 40, blocked: false };
    expect(await patch({ seeMyFiles: false, autoAcceptBytes: 2 ** 40 })).toMatchObject({
      body: { permissions: wanted },
    });
    expect(here.published().at(-1)).toMatchObject(['peers.changed', { id: there.id, permissions: wanted }]);
    expect(here.peers.permissionsOf(there.id)).toEqual(wanted);
    await here.stop();
    here = await TestNode.start({ name: 'Here', folder: here.folder });
    expect(here.peers.get(there.id).permissions).toEqual(wanted);
  });

  it('is set together with the name, or not at all', async () => {
    const change = (permissions: unknown) => here.call('PATCH', `/peers/${there.id}`, { name: 'Mine', permissions });
    expect((await change({ seeMyFiles: 'no' })).status).toBe(400);
    expect(here.peers.get(there.id).name).toBe('There');
    expect(await change({ seeMyFiles: false })).toMatchObject({
      body: { name: 'Mine', permissions: { seeMyFiles: false } },
    });
  });

  it.each<[unknown, string]>([
    [null, '/permissions'],
    ['all', '/permissions'],
    [[], '/permissions'],
    [{ seeMyFiles: 1 }, '/permissions/seeMyFiles'],
    [{ sendToMe: null }, '/permissions/sendToMe'],
    [{ autoAcceptBytes: -1 }, '/permissions/autoAcceptBytes'],
    [{ autoAcceptBytes: 0.5 }, '/permissions/autoAcceptBytes'],
    [{ autoAcceptBytes: 2 ** 60 }, '/permissions/autoAcceptBytes'],
    [{ blocked: 'true' }, '/permissions/blocked'],
    [{ everything: true }, '/permissions/everything'],
  ])('is not %j', async (permissions, pointer) => {
    const { status, body } = await patch(permissions);
    expect([status, (body as unknown as Problem).errors?.[0]?.pointer]).toEqual([400, pointer]);
    expect(here.peers.get(there.id).permissions).toEqual(DEFAULTS);
  });

  it('is nothing for a device that is not paired, which can only be blocked', async () => {
    const third = await TestNode.start({ name: 'Third' });
    try {
      await here.call('POST', '/peers', { address: third.peerAddress });
      const nothing = { seeMyFiles: false, sendToMe: false, autoAcceptBytes: 0 };
      expect(here.peers.get(third.id).permissions).toEqual({ ...nothing, blocked: false });
      expect(await patch({ blocked: true, seeMyFiles: true }, third.id)).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/permissions/seeMyFiles' }] },
      });
      expect(await patch({ blocked: true }, third.id)).toMatchObject({ status: 200 });
      expect(here.peers.get(third.id).permissions).toEqual({ ...nothing, blocked: true });
      expect(await here.call('POST', '/peers', { address: third.peerAddress })).toMatchObject({
        status: 403,
        body: { code: 'peer-untrusted' },
      });
      const { uri } = (await here.call('POST', '/pairings')).body;
      expect((await third.call('POST', '/pairings/claim', { uri })).status).toBeGreaterThanOrEqual(400);
      expect(here.peers.isPaired(third.id)).toBe(false);
    } finally {
      await third.remove();
    }
  });

  describe('once it is blocked', () => {
    it('ends at once, is shown, and comes back when the user says so', async () => {
      const [mine, theirs] = [here.transport.sessionOf(there.id), there.transport.sessionOf(here.id)];
      const startedAt = performance.now();
      expect(await patch({ blocked: true })).toMatchObject({ status: 200, body: { state: 'offline', paired: true } });
      await Promise.all([mine?.gone, theirs?.gone]);
      expect(performance.now() - startedAt).toBeLessThan(CUT_MS);
      expect(here.peers.permissionsOf(there.id)).toMatchObject({ seeMyFiles: false, sendToMe: false, blocked: true });
      const { items } = (await here.call('GET', '/peers')).body as unknown as { items: Peer[] };
      expect(items).toMatchObject([{ id: there.id, permissions: { ...DEFAULTS, blocked: true } }]);
      expect(await here.call('GET', `/peers/${there.id}/files`)).toMatchObject({
        status: 403,
        body: { code: 'peer-untrusted', detail: expect.stringContaining('There is blocked') },
      });
      expect(await patch({ blocked: false })).toMatchObject({ body: { permissions: DEFAULTS } });
      await here.until(isOnline);
    });

    it('is cut within a second while an answer fills a line that does not move', async () => {
      const hashed = () =>
        here.published().flatMap(([type, data]) => (type === 'files.changed' && (data as FileEntry).fileId) || []);
      await here.upload('large.txt', 'x'.repeat(16 * 1_048_576));
      await here.until(() => hashed().length > 0);
      const line = await FreezableLine.to(here.peerPort);
      const stranger = await Stranger.create();
      try {
        here.transport.onSession((session) => here.peers.trust(session));
        const session = await stranger.dial(line.address);
        const served = here.transport.sessionOf(stranger.id);
        const receiver = { begin: () => line.freeze(), bytes: () => undefined, end: () => undefined };
        const request = { fileId: hashed()[0], ranges: [[0, 16]] };
        session.requestData(PATTERNS.fileRead, request, receiver).catch(() => undefined); // it cannot end well
        while ((served?.bytesOut ?? 0) < 1_048_576) await nextTurn();
        const startedAt = performance.now();
        await patch({ blocked: true }, stranger.id);
        await served?.gone;
        expect(performance.now() - startedAt).toBeLessThan(CUT_MS);
      } finally {
        line.close();
        await stranger.remove();
      }
    });

    it('is not dialled, after a restart either', async () => {
      let connections = 0;
      await there.stop();
      const door = createServer((socket) => {
        connections += 1;
        socket.destroy();
      }).listen(there.peerPort, '127.0.0.1');
      await once(door, 'listening');
      try {
        await patch({ blocked: true });
        await here.stop();
        here = await TestNode.start({ name: 'Here', folder: here.folder });
        const before = connections;
        await here.call('POST', `/peers/${there.id}/test`);
        await here.call('GET', `/peers/${there.id}/files`);
        expect(connections).toBe(before);
        await patch({ blocked: false });
        await here.until(() => here.peers.get(there.id).lastError !== undefined && connections > before);
        expect((door.address() as AddressInfo).port).toBe(there.peerPort);
      } finally {
        door.close();
      }
    });

    it('may be a stranger that asks to pair', async () => {
      const stranger = await Stranger.create('Nosy');
      try {
        expect(await patch({ blocked: true }, stranger.id)).toMatchObject({ status: 404 });
        const greeted = new Promise<void>((resolve) => here.transport.onSession(() => resolve()));
        const session = await stranger.dial(here.peerAddress);
        await greeted;
        const closed = new Promise<void>((resolve) => void session.onClose(() => resolve()));
        expect(await patch({ blocked: true }, stranger.id)).toMatchObject({
          status: 200,
          body: { name: 'Nosy', paired: false, permissions: { blocked: true } },
        });
        await closed;
      } finally {
        await stranger.remove();
      }
    });

    it('gets no answer at all', async () => {
      const stranger = await Stranger.create();
      try {
        here.transport.onSession((session) => here.peers.trust(session));
        (await stranger.dial(here.peerAddress)).close();
        await patch({ blocked: true }, stranger.id);
        await expect(stranger.dial(here.peerAddress)).rejects.toMatchObject({ name: 'PeerError' });
        await patch({ blocked: false }, stranger.id);
        (await stranger.dial(here.peerAddress)).close();
      } finally {
        await stranger.remove();
      }
    });
  });
});
