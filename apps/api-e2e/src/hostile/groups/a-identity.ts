import { FrameType, PATTERNS, type Peer } from '@ferry/protocol';
import { isEvent, EventReader } from '@ferry/test-nodes';
import { errorFrame, helloOf, pingFrame, requestFrame, responseFrame } from '../../support/raw-frame';
import { renewed } from '../../support/test-identity';
import type { HostileCase, NotApplicable, Role, Row } from '../case';
import type { Ground } from '../ground';
import { expectAlive, expectClosed, expectNothingSaid } from '../verdicts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DATES = [
  { notBefore: new Date('2001-01-01'), notAfter: new Date('2001-02-01') },
  { notBefore: new Date(Date.now() + 300 * DAY_MS), notAfter: new Date(Date.now() + 301 * DAY_MS) },
];
const OFFER = { offerId: 'x1', count: 1, bytes: 10, lifetimeMs: 60_000 };
const PAIRING_REJECTED = 13;
const BAD_NAME = `\u001b]0;x\u0007<script>alert(1)</script>\u202egnp.exe\r\nX: y ${'N'.repeat(60_000)}`;
const UNSAFE = /[\p{Cc}\p{Cf}]/u;

function peerOf(ground: Ground, id: string): Promise<Peer> {
  return ground.node.api.peer(id);
}

function expectSafeName(name: string): void {
  expect([...name].length).toBeLessThanOrEqual(64);
  expect(name).not.toMatch(UNSAFE);
  expect(name).toContain('<script>'); // it is text, and stays what it is
}

/** Resolves when the node says that this peer is online. */
async function untilOnline(ground: Ground, id: string): Promise<void> {
  const reader = await EventReader.open(ground.node.api.origin);
  ground.defer(() => reader.close());
  if ((await peerOf(ground, id)).state === 'online') return;
  const isOnline = (event: Parameters<typeof isEvent>[0]) =>
    isEvent(event, 'peers.changed') && event.data.id === id && event.data.state === 'online';
  await reader.find(isOnline, 20_000, 'the peer to be online');
}

/** An inviter that asks before it answers the node's claim, and then does not pair, gets no list. */
async function expectToldNothing(ground: Ground): Promise<void> {
  const server = await ground.listen({
    answers: {
      [PATTERNS.pairClaim]: async (wire, stream): Promise<void> => {
        wire.send(requestFrame(wire.newStream(), PATTERNS.filesList), pingFrame());
        await wire.frame(({ header }) => header.type === FrameType.PONG, 'the PONG behind the question');
        wire.send(errorFrame(stream, PAIRING_REJECTED, 'PAIRING_REJECTED', 'no'));
      },
    },
  });
  expect((await ground.nodeClaims(server)).status).toBeGreaterThanOrEqual(400);
  const wire = await server.nextWire();
  await wire.closed;
  expect(wire.frames.filter(({ header }) => header.type === FrameType.RESPONSE)).toEqual([]);
  expect(wire.fault).toBeUndefined();
}

const borrowedName = (role: Role, run: (ground: Ground, name: string) => Promise<void>): HostileCase => ({
  id: 'W009',
  role,
  title: 'a new key under the names of a paired device',
  expect: 'K',
  run: async (ground) => run(ground, (await peerOf(ground, await ground.field.honest.deviceId())).name),
});

const notPinned: NotApplicable = {
  id: 'W024',
  role: 'server',
  reason: 'a listener pins nobody: whoever dials is the device of its key (W009)',
};

/** Who a device is comes from its key alone. */
export const IDENTITY_ROWS: readonly Row[] = [
  {
    id: 'W008',
    role: 'server',
    title: 'an offer, a list and content asked for by a stranger',
    expect: 'K',
    run: async (ground) => {
      for (const [pattern, data] of [
        [PATTERNS.offerMake, OFFER],
        [PATTERNS.filesList, {}],
        [PATTERNS.fileRead, { fileId: 'a'.repeat(64), ranges: [[0, 1]] }],
        ['no.such.pattern', {}],
      ] as const) {
        const wire = await ground.greet();
        wire.send(requestFrame(wire.newStream(), pattern, data));
        await expectClosed(wire, 'NOT_PAIRED', 1);
      }
    },
  },
  {
    id: 'W008',
    role: 'client',
    title: 'an offer of a stranger that the node has dialled; an inviter that asks for a list, then refuses the claim',
    expect: 'K',
    run: async (ground) => {
      const hello = responseFrame(1, helloOf());
      const server = await ground.listen({
        answers: { hello: (wire) => wire.send(hello, requestFrame(2, PATTERNS.offerMake, OFFER)) },
      });
      await ground.nodeAdds(server);
      await expectClosed(await server.nextWire()); // NOT_PAIRED, or closed by the node before it was read
      expect((await ground.node.api.get<{ items: unknown[] }>('/offers')).items).toEqual([]);
      await expectToldNothing(ground);
    },
  },
  borrowedName('server', async (ground, name) => {
    const identity = await ground.identity({ commonName: name });
    const wire = await ground.greet({ identity, hello: { name } });
    wire.send(requestFrame(wire.newStream(), PATTERNS.filesList));
    await expectClosed(wire, 'NOT_PAIRED', 1);
  }),
  borrowedName('client', async (ground, name) => {
    const identity = await ground.identity({ commonName: name });
    const hello = responseFrame(1, helloOf({ name }));
    const { body } = await ground.nodeAdds(
      await ground.listen({ identity, answers: { hello: (wire) => wire.send(hello) } }),
    );
    expect(body).toMatchObject({ id: identity.deviceId, paired: false, state: 'pending' });
    const list = await ground.node.api.call('GET', `/peers/${identity.deviceId}/files`);
    expect(list.status).toBe(403);
  }),
  {
    id: 'W010',
    role: 'server',
    title: 'a paired key in an expired and in a future certificate',
    expect: 'OK',
    run: async (ground) => {
      const identity = await ground.identity();
      await ground.pair({ identity });
      for (const dates of DATES) {
        const wire = await ground.greet({ identity: await renewed(identity, dates) });
        await expectAlive(wire);
      }
    },
  },
  {
    id: 'W010',
    role: 'client',
    title: 'a paired key in an expired and in a future certificate',
    expect: 'OK',
    run: async (ground) => {
      const identity = await ground.identity();
      for (const dates of DATES) {
        const server = await ground.listen({ identity: await renewed(identity, dates) });
        const wire = await ground.nodePairs(server);
        await untilOnline(ground, identity.deviceId);
        await expectAlive(wire);
        await server.close();
      }
    },
  },
  {
    id: 'W016',
    role: 'server',
    title: 'a TLS session offered again after trust was revoked',
    expect: 'K',
    run: async (ground) => {
      const identity = await ground.identity();
      const first = await ground.pair({ identity });
      const session = first.tls.getSession();
      await ground.node.api.ok('DELETE', `/peers/${identity.deviceId}`);
      await first.closed;
      const again = await ground.greet({ identity, tls: { session } });
      expect(again.tls.isSessionReused()).toBe(false);
      again.send(requestFrame(again.newStream(), PATTERNS.filesList));
      await expectClosed(again, 'NOT_PAIRED', 1);
    },
  },
  {
    id: 'W016',
    role: 'client',
    title: 'tickets given to the node: it never resumes',
    expect: 'I',
    run: async (ground) => {
      const server = await ground.listen(); // Node's server gives two tickets to each client
      for (let count = 0; count < 3; count += 1) {
        expect((await ground.nodeAdds(server)).status).toBe(201);
        expect((await server.nextWire()).tls.isSessionReused()).toBe(false);
      }
    },
  },
  notPinned,
  {
    id: 'W024',
    role: 'client',
    title: 'another key at the address of a paired device: no byte is sent to it',
    expect: 'K',
    run: async (ground) => {
      const server = await ground.listen();
      const { deviceId } = server.identity;
      const wire = await ground.nodePairs(server);
      const port = Number(server.address.split(':')[1]);
      const host = server.address.split(':')[0] ?? '';
      await server.close();
      await wire.closed;
      const impostor = await ground.listen({ host, port });
      const list = await ground.node.api.call('GET', `/peers/${deviceId}/files`);
      expect(list.body.code).toMatch(/^peer-(identity|offline|unreachable)$/);
      await impostor.dialled();
      await expectNothingSaid(impostor);
    },
  },
  {
    id: 'W030',
    role: 'server',
    title: 'a name of 60 KiB with escapes, HTML and bidi marks',
    expect: 'OK',
    run: async (ground) => {
      const identity = await ground.identity();
      const wire = await ground.pair({ identity, hello: { name: BAD_NAME } });
      expectSafeName((await peerOf(ground, identity.deviceId)).name);
      const answer = await wire.ask(PATTERNS.filesList);
      expect(answer.header.type).toBe(FrameType.RESPONSE);
    },
  },
  {
    id: 'W030',
    role: 'client',
    title: 'a name of 60 KiB with escapes, HTML and bidi marks',
    expect: 'OK',
    run: async (ground) => {
      const hello = responseFrame(1, helloOf({ name: BAD_NAME }));
      const server = await ground.listen({ answers: { hello: (wire) => wire.send(hello) } });
      const { status, body } = await ground.nodeAdds(server);
      expect(status).toBe(201);
      expectSafeName(body.name);
    },
  },
];
