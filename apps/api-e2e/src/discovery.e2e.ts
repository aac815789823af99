import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Peer, ScanResult } from '@ferry/protocol';
import { freePort, NodeGroup, type NodeProcess, pair } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';
import { announcement, MdnsVoice, randomNearbyId } from './support/mdns-voice';
import { PeerWatch } from './support/peer-watch';

/** What the protocol promises, for coming and for going. */
const PROMISED_MS = 10_000;
const ON_LOOPBACK = { FERRY_DISCOVERY: 'on', FERRY_DISCOVERY_INTERFACE: '127.0.0.1' };

const nearbyIdOf = async (node: NodeProcess) => (await node.api.status()).device.id.slice(0, 14);
const isSeen = (peer: Peer) => peer.seenAt.length > 0;

describe('discovery', () => {
  const group = new NodeGroup();
  let here: NodeProcess;
  let there: NodeProcess;
  let watch: PeerWatch;
  let voice: MdnsVoice;
  let thereId: string;

  beforeAll(async () => {
    here = await group.start('here', { env: ON_LOOPBACK });
    there = await group.start('there', { env: { ...ON_LOOPBACK, FERRY_DEVICE_NAME: 'There' } });
    thereId = await nearbyIdOf(there);
    watch = await PeerWatch.open(here);
    voice = await MdnsVoice.open();
  });
  afterAll(async () => {
    watch.close();
    await voice.close();
    await group.dispose();
  });

  it('shows a device of the network under its name, without knowing who it is', async () => {
    const peer = await watch.until(thereId, isSeen, PROMISED_MS, 'the other node');
    expect(peer).toMatchObject({
      id: thereId,
      name: 'There',
      state: 'nearby',
      paired: false,
      addresses: [],
      seenAt: [there.peerAddress],
      lastSeenAt: expect.any(String) as string,
      permissions: { seeMyFiles: false, sendToMe: false, autoAcceptBytes: 0, blocked: false },
    });
    expect((await here.api.peers()).items.map(({ id }) => id)).toContain(thereId);
  });

  it('does not show this device to itself', async () => {
    await watch.until(thereId, isSeen, PROMISED_MS, 'the other node');
    expectProblem(await here.api.call('GET', `/peers/${await nearbyIdOf(here)}`), 404, 'peer-not-found');
  });

  it('notices at once when a device says goodbye, and in time when it is killed', async () => {
    await watch.until(thereId, isSeen, PROMISED_MS, 'the other node');
    await there.stop();
    await watch.untilGone(thereId, 5_000);

    await there.start();
    await watch.until(thereId, isSeen, PROMISED_MS, 'the other node again');
    await there.kill();
    await watch.untilGone(thereId, PROMISED_MS);
    await there.start();
    await watch.until(thereId, isSeen, PROMISED_MS, 'the other node once more');
  });

  it('neither sends nor hears anything when it is off', async () => {
    const silent = await group.start('silent', { env: { FERRY_DISCOVERY: 'off' } });
    const id = await nearbyIdOf(silent);
    const heardBefore = voice.heard.length;
    await voice.announce({ id: randomNearbyId() });
    await watch.until(thereId, isSeen, PROMISED_MS, 'the other node');
    while (voice.heard.slice(heardBefore).filter((each) => each === thereId).length < 2) await voice.next();
    expect(voice.heard).not.toContain(id);
    expect((await silent.api.peers()).total).toBe(0);
  });

  it('takes only addresses of the network that it heard them on', async () => {
    const id = randomNearbyId();
    const addresses = ['169.254.169.254', '93.184.216.34', '192.168.77.1', '127.0.0.1'];
    await voice.announce({ id, addresses, port: 4242 });
    expect(await watch.until(id, isSeen, 5_000, 'the voice')).toMatchObject({ seenAt: ['127.0.0.1:4242'] });
    await voice.announce({ id, ttlS: 0 });
    await watch.untilGone(id, 5_000);
  });

  it('survives what is no announcement', async () => {
    const good = announcement({ id: randomNearbyId() });
    const bad = [
      Buffer.alloc(65_000, 0x5f), // near the largest datagram there is
      Buffer.concat([good, Buffer.alloc(60_000)]),
      Buffer.alloc(0),
      Buffer.from([0, 0, 0x84, 0, 255, 255, 255, 255, 255, 255, 255, 255]),
      Buffer.from('{"_ferry": "not DNS"}\x06_ferry'),
      ...Array.from({ length: good.length }, (_, length) => good.subarray(0, length)),
      ...Array.from({ length: good.length }, (_, at) =>
        Buffer.from(good.map((byte, i) => (i === at ? byte ^ 0xff : byte))),
      ),
    ];
    for (const packet of bad) await voice.send(packet);
    const names = [
      '\u001b[2J\u202Etxt.exe',
      '../../etc/passwd',
      '<script>alert(1)</script>',
      'x'.repeat(240),
      'a\r\nb',
    ];
    const shown = ['[2J txt.exe', '../../etc/passwd', '<script>alert(1)</script>', 'x'.repeat(64), 'a b'];
    for (const [index, name] of names.entries()) {
      const id = randomNearbyId();
      const repeat = setInterval(() => void voice.announce({ id, name }), 1_000); // the packets above count as ours
      try {
        expect((await watch.until(id, isSeen, PROMISED_MS, `the name ${index}`)).name).toBe(shown[index]);
      } finally {
        clearInterval(repeat);
      }
    }
    expect(here.isRunning).toBe(true);
    expect(here.process.report()).not.toMatch(/uncaught|unhandled/i);
  });

  it('stays bounded and awake under a flood of announcements, and answers little', async () => {
    const eventsBefore = watch.count;
    const started = performance.now();
    let slowestMs = 0;
    let sent = 0;
    while (performance.now() - started < 3_000) {
      for (let burst = 0; burst < 1_000; burst += 1, sent += 1) {
        void voice.announce({ id: randomNearbyId(), name: `flood ${sent}` });
        if (burst % 10 === 0) void voice.ask();
      }
      const asked = performance.now();
      await here.api.fetch('/health/live');
      slowestMs = Math.max(slowestMs, performance.now() - asked);
    }
    const { total } = await here.api.peers();
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `flood: ${Math.round(sent / seconds)} announcements/s, slowest answer ${Math.round(slowestMs)} ms, ${total} listed`,
    );
    expect(total).toBeLessThanOrEqual(256 + 1);
    expect(slowestMs).toBeLessThan(1_000);
    expect(watch.count - eventsBefore).toBeLessThan(100 * seconds);
    expect(here.process.report()).not.toMatch(/flood/);
  });

  it('answers a question to all, once for each asker in ten seconds', async () => {
    const hereId = await nearbyIdOf(here);
    const before = voice.heard.length;
    const endsAt = performance.now() + 5_000;
    while (performance.now() < endsAt) {
      for (let index = 0; index < 50; index += 1) await voice.ask();
      await voice.next();
    }
    // Announcements come by themselves every 2.5 s; one answer at most comes in addition.
    expect(voice.heard.slice(before).filter((id) => id === hereId).length).toBeLessThanOrEqual(4);
  });
});

describe('an announcement', () => {
  const group = new NodeGroup();
  let here: NodeProcess;
  let there: NodeProcess;
  let thereId: string;
  let watch: PeerWatch;
  let voice: MdnsVoice;
  let trap: Server;
  let caught = 0;

  beforeAll(async () => {
    here = await group.start('here', { env: ON_LOOPBACK });
    there = await group.start('there', { env: { FERRY_DISCOVERY: 'off' } });
    thereId = (await pair(here, there)).claimerId;
    watch = await PeerWatch.open(here);
    voice = await MdnsVoice.open();
    trap = createServer((socket) => {
      caught += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(trap, 'listening');
  });
  afterAll(async () => {
    watch.close();
    trap.close();
    await voice.close();
    await group.dispose();
  });

  it('makes nobody connect: neither of a stranger nor of a paired device that is looked for', async () => {
    const { port } = trap.address() as AddressInfo;
    const stranger = randomNearbyId();
    await there.kill();
    await watch.until(thereId, ({ state }) => state === 'offline', 30_000, 'offline');
    // Where it was, something else counts how often it is dialled.
    let redials = 0;
    const decoy = createServer((socket) => {
      redials += 1;
      decoy.emit('redial');
      socket.destroy();
    }).listen(there.ports.peer, '127.0.0.1');
    await once(decoy, 'listening');
    const announce = setInterval(() => {
      void voice.announce({ id: stranger, port });
      void voice.announce({ id: thereId.slice(0, 14), port, name: 'There?' });
    }, 1_000);
    try {
      const seen = await watch.until(thereId, isSeen, PROMISED_MS, 'the announced address');
      expect(seen).toMatchObject({ id: thereId, name: 'there', state: 'offline', seenAt: [`127.0.0.1:${port}`] });
      await watch.until(stranger, isSeen, PROMISED_MS, 'the stranger');
      const after = redials + 2;
      while (redials < after) await once(decoy, 'redial', { signal: AbortSignal.timeout(60_000) });
      expect(caught).toBe(0);

      const test = await here.api.testPeer(thereId);
      expect(test.reachable).toBe(false);
      expect(caught).toBeGreaterThan(0); // now the user wanted it
      expect((await here.api.peer(thereId)).addresses).not.toContain(`127.0.0.1:${port}`);
    } finally {
      clearInterval(announce);
      decoy.close();
    }
  });
});

describe('POST /peers/scan', () => {
  const group = new NodeGroup();
  afterAll(() => group.dispose());

  it('is refused unless the node was started with it', async () => {
    const node = await group.start('plain');
    expectProblem(await node.api.call('POST', '/peers/scan'), 403, 'scan-off');
  });

  it('finds devices on the same port in the own subnets, one scan at a time', async () => {
    const hosts = ['127.0.0.2', '127.0.0.3'];
    const port = await freePort(['127.0.0.1', ...hosts]);
    const env = { FERRY_PEER_PORT: String(port), FERRY_SCAN: 'on' };
    const here = await group.start('scanner', { env });
    const [found, other] = await Promise.all(hosts.map((peerHost) => group.start(`at ${peerHost}`, { env, peerHost })));
    const { uri = '' } = await (other as NodeProcess).api.invite();
    await here.api.claim(uri);
    const otherId = (await (other as NodeProcess).api.status()).device.id;

    const scan = () => here.api.call<ScanResult>('POST', '/peers/scan');
    const answers = (await Promise.all([scan(), scan()])).sort((one, two) => one.status - two.status);
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    expect(answers[0]?.body).toEqual({ subnets: ['127.0.0.0/24'], probed: 253, found: 2 });
    expect(answers[1]?.body).toMatchObject({ code: 'too-many-requests' });

    const id = await nearbyIdOf(found as NodeProcess);
    const { items, total } = await here.api.peers();
    expect(total).toBe(2);
    expect(items.find((peer) => peer.id === id)).toMatchObject({ state: 'nearby', seenAt: [`127.0.0.2:${port}`] });
    expect(items.find((peer) => peer.id === otherId)).toMatchObject({ state: 'online', seenAt: [`127.0.0.3:${port}`] });
    expect((await (found as NodeProcess).api.peers()).total).toBe(0); // who is found does not store who looked
  });

  it('ends when nobody waits for it any more', async () => {
    const node = await group.start('left alone', { env: { FERRY_SCAN: 'on' } });
    const abort = new AbortController();
    const scan = node.api.fetch('/api/v1/peers/scan', { method: 'POST', signal: abort.signal });
    abort.abort();
    await expect(scan).rejects.toMatchObject({ name: 'AbortError' });
    const next = () => node.api.call<ScanResult>('POST', '/peers/scan');
    let answer = await next();
    while (answer.status === 429) answer = await next();
    expect(answer.status).toBe(200);
  });
});
