import { CONNECTION_STEPS, type PeerTestResult } from '@ferry/protocol';
import { FreezableLine } from '../testing/freezable-line';
import { pair } from '../testing/pair';
import { TestNode } from '../testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('a test of the connection', () => {
  const peersOptions = { dialTimeoutMs: 500, probeMs: 300, backOffFirstMs: 60_000, backOffMaxMs: 60_000 };
  let here: TestNode;
  let there: TestNode;
  beforeEach(async () => {
    here = await TestNode.start({ name: 'Here', peersOptions });
    there = await TestNode.start({ name: 'There', peersOptions });
  });
  afterEach(() => Promise.all([here.remove(), there.remove()]));

  async function test(): Promise<PeerTestResult> {
    const { status, body } = await here.call('POST', `/peers/${there.id}/test`);
    expect(status).toBe(200);
    return body as unknown as PeerTestResult;
  }
  const stepsOf = ({ steps }: PeerTestResult): string[] =>
    steps.map(({ step, ok }) => `${step} ${ok ? 'ok' : 'failed'}`);

  it('takes six steps with a paired device, each with its time and words', async () => {
    await pair(there, here);
    const result = await test();

    expect(result).toMatchObject({ reachable: true, latencyMs: expect.any(Number), address: there.peerAddress });
    expect(result.throughputBps).toBeGreaterThan(0);
    expect(stepsOf(result)).toEqual(CONNECTION_STEPS.map((step) => `${step} ok`));
    for (const { ms, detail } of result.steps) {
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(detail).toMatch(/^[A-Z0-9].*\.$/);
    }
    expect(here.peers.get(there.id).state).toBe('online');
  });

  it('measures no speed of a device that is not paired, and leaves no session', async () => {
    await here.call('POST', '/peers', { address: there.peerAddress });
    const result = await test();

    expect(result).toMatchObject({ reachable: true });
    expect(result).not.toHaveProperty('throughputBps');
    expect(stepsOf(result)).toEqual(['dns ok', 'tcp ok', 'tls ok', 'identity ok', 'latency ok']);
    await here.until(() => here.transport.sessionOf(there.id) === undefined);
  });

  it('goes on to the next address when the best one leads nowhere, and brings the peer online', async () => {
    const line = await FreezableLine.to(there.peerPort);
    await pair(there, here, (uri) => uri.replace(there.peerAddress, line.address));
    await here.call('POST', '/peers', { address: there.peerAddress });
    await here.call('POST', '/peers', { address: line.address }); // the last good one is the first
    line.freeze();
    here.transport.sessionOf(there.id)?.abort(new Error('cut by the test'));
    await here.until(() => here.peers.get(there.id).state === 'offline');
    expect(here.peers.get(there.id).addresses).toEqual([line.address, there.peerAddress]);

    expect(await test()).toMatchObject({ reachable: true, address: there.peerAddress });

    expect(here.peers.get(there.id)).toMatchObject({
      state: 'online',
      addresses: [there.peerAddress, line.address],
    });
    line.close();
  });

  it('names the first step that failed on the address that led furthest', async () => {
    const line = await FreezableLine.to(there.peerPort);
    await pair(there, here, (uri) => uri.replace(there.peerAddress, line.address));
    await here.call('POST', '/peers', { address: there.peerAddress });
    line.freeze();
    await there.stop();
    await here.until(() => here.peers.get(there.id).state === 'offline');

    const result = await test();

    expect(result).toMatchObject({ reachable: false, latencyMs: null, failedStep: 'tls', address: line.address });
    expect(stepsOf(result)).toEqual(['dns ok', 'tcp ok', 'tls failed']);
    expect(result.error).toContain(line.address);
    line.close();
  });

  it('says who does not trust this device any more', async () => {
    await pair(there, here);
    await there.call('DELETE', `/peers/${here.id}`);
    await here.until(() => here.peers.get(there.id).state === 'offline');

    const result = await test();

    expect(result).toMatchObject({
      reachable: false,
      failedStep: 'identity',
      error: 'There no longer trusts this device: pair again.',
    });
    expect(stepsOf(result)).toEqual(['dns ok', 'tcp ok', 'tls ok', 'identity failed']);
  });

  it('says that the device is blocked, here or there', async () => {
    await pair(there, here);
    await there.call('PATCH', `/peers/${here.id}`, { permissions: { blocked: true } });
    await here.until(() => here.peers.get(there.id).state === 'offline');
    expect(await test()).toMatchObject({ failedStep: 'identity', error: expect.stringContaining('may have blocked') });

    await here.call('PATCH', `/peers/${there.id}`, { permissions: { blocked: true } });
    expect(await test()).toMatchObject({ failedStep: 'identity', error: expect.stringContaining('unblock it first') });
  });
});
