import { randomBytes } from 'node:crypto';
import { formatInvitation, type Pairing, parseInvitation, type ProblemCode } from '@ferry/protocol';
import { freePort, NodeGroup, type NodeProcess, throughAddress } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';

describe('bad input about peers', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let other: NodeProcess;

  beforeAll(async () => {
    [node, other] = await Promise.all([group.start('node'), group.start('other')]);
  });
  afterAll(() => group.dispose());

  afterEach(async () => {
    expect(node.isRunning).toBe(true);
    expect((await node.api.fetch('/health/ready')).status).toBe(200);
  });

  const claim = (uri: string) => node.api.call('POST', '/pairings/claim', { uri });

  it.each<[string, () => string | Promise<string>, number, ProblemCode]>([
    ['an unknown host', () => 'no-such-host.invalid:8000', 502, 'peer-unreachable'],
    ['a closed port', async () => `127.0.0.1:${await freePort()}`, 502, 'peer-unreachable'],
    ['a port that is no Ferry node', () => `127.0.0.1:${other.ports.http}`, 502, 'peer-refused'],
    ['its own address', () => node.peerAddress, 409, 'pairing-self'],
    ['no address', () => 'nonsense', 400, 'validation'],
    ['a port beyond 65535', () => '127.0.0.1:70000', 400, 'validation'],
    ['an IPv6 address without brackets', () => '::1:8000', 400, 'validation'],
    ['an over-long address', () => `${'a'.repeat(10_000)}:8000`, 400, 'validation'],
    ['an address with control characters', () => '127.0.0.1:80\n00', 400, 'validation'],
  ])('refuses %s', async (_case, address, status, code) => {
    expectProblem(await node.api.call('POST', '/peers', { address: await address() }), status, code);
    expect((await node.api.peers()).items).toEqual([]);
  });

  it.each([
    ['', 'validation'],
    ['hello', 'pairing-malformed'],
    ['https://example.org/pair?id=1', 'pairing-malformed'],
    ['ferry://pair?id=ABC&addr=127.0.0.1:8000&secret=x', 'pairing-malformed'],
    [`ferry://pair?${'a'.repeat(9_000)}`, 'validation'],
  ] as const)('refuses the malformed invitation "%.40s"', async (uri, code) => {
    expectProblem(await claim(uri), 400, code);
  });

  it('refuses an invitation with a wrong secret', async () => {
    const { uri = '' } = await other.api.invite();
    const secret = randomBytes(32).toString('base64url');
    expectProblem(await claim(formatInvitation({ ...parseInvitation(uri), secret })), 403, 'pairing-wrong-code');
    expect((await other.api.status()).totals.pairedPeers).toBe(0);
  });

  it('refuses an invitation cut short when it was copied', async () => {
    const { uri = '' } = await other.api.invite();
    expectProblem(await claim(uri.slice(0, uri.indexOf('secret=') + 20)), 400, 'pairing-malformed');
  });

  it('refuses its own invitation', async () => {
    const { uri = '' } = await node.api.invite();
    expectProblem(await claim(uri), 409, 'pairing-self');
  });

  it('refuses an invitation whose address leads to another device', async () => {
    const third = await group.start('third');
    const { uri = '' } = await other.api.invite();
    expectProblem(await claim(throughAddress(uri, third.peerAddress)), 502, 'peer-identity');
    expect((await third.api.status()).totals.pairedPeers).toBe(0);
  });

  it('refuses an invitation whose address is dead', async () => {
    const { uri = '' } = await other.api.invite();
    expectProblem(await claim(throughAddress(uri, `127.0.0.1:${await freePort()}`)), 502, 'peer-unreachable');
  });

  it('refuses a claim with both or none of uri and address', async () => {
    const { uri } = await other.api.ok<Pairing>('POST', '/pairings');
    const both = { uri, address: other.peerAddress };
    expectProblem(await node.api.call('POST', '/pairings/claim', both), 400, 'validation');
    expectProblem(await node.api.call('POST', '/pairings/claim', {}), 400, 'validation');
  });

  it.each([
    ['GET', '/peers/nobody', 'peer-not-found'],
    ['PATCH', '/peers/nobody', 'peer-not-found'],
    ['DELETE', '/peers/nobody', 'peer-not-found'],
    ['POST', '/peers/nobody/test', 'peer-not-found'],
    ['GET', '/peers/nobody/files', 'peer-not-found'],
    ['GET', '/pairings/none', 'pairing-not-found'],
  ] as const)('%s %s answers %s', async (method, path, code) => {
    const body = method === 'PATCH' ? { name: 'x' } : undefined;
    expectProblem(await node.api.call(method, path, body), 404, code);
  });

  it('still pairs afterwards', async () => {
    const { uri = '' } = await other.api.invite();
    expect((await claim(uri)).status).toBe(201);
  });
});
