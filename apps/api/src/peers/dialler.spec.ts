import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Dialler } from './dialler';
import { DEFAULT_PEERS_OPTIONS } from './peers-options';
import { FreezableLine } from './testing/freezable-line';
import { TestNode } from './testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('Dialler', () => {
  let here: TestNode;
  let there: TestNode;
  let other: TestNode;
  let silent: Server;
  const silentSockets: Socket[] = [];

  beforeAll(async () => {
    here = await TestNode.start({ name: 'Here' });
    there = await TestNode.start({ name: 'There' });
    other = await TestNode.start({ name: 'Other' });
    silent = createServer((socket) => silentSockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(async () => {
    for (const socket of silentSockets) socket.destroy();
    silent.close();
    await Promise.all([here, there, other].map((node) => node.remove()));
  });

  const silentAddress = () => `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const dialler = (times = {}) => new Dialler(here.transport, { ...DEFAULT_PEERS_OPTIONS, ...times });

  it('goes on to the next address when one fails', async () => {
    const { session, address } = await dialler().dialAny([other.peerAddress, there.peerAddress], there.id);
    expect(session.peerId).toBe(there.id);
    expect(address).toBe(there.peerAddress);
    session.close();
  });

  it('does not wait for an address that stays silent', async () => {
    const times = { dialStaggerMs: 20, dialTimeoutMs: 60_000 };
    const { session, address } = await dialler(times).dialAny([silentAddress(), there.peerAddress], there.id);
    expect(address).toBe(there.peerAddress);
    session.close();
  });

  it('gives up in time and names what it tried', async () => {
    const addresses = [silentAddress(), silentAddress().replace('127.0.0.1', 'localhost')];
    await expect(dialler({ dialTimeoutMs: 100 }).dialAny(addresses, there.id)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining(addresses.join(', ')),
    });
  });

  it('stops at once when told to', async () => {
    const abort = new AbortController();
    const dial = dialler().dialAny([silentAddress()], there.id, abort.signal);
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(dial).rejects.toBe(reason);
  });

  it('does not wait for ever for an answer', async () => {
    const line = await FreezableLine.to(there.peerPort);
    const { session } = await dialler().dial(line.address);
    line.freeze();
    await expect(dialler({ answerTimeoutMs: 50 }).ask(session, 'pair.claim', {})).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    line.close();
  });
});
