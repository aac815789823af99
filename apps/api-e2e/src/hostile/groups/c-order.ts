import { FrameType, PATTERNS } from '@ferry/protocol';
import {
  cancelFrame,
  dataFrame,
  eventFrame,
  goodbyeFrame,
  helloOf,
  joined,
  pingFrame,
  requestFrame,
  responseFrame,
} from '../../support/raw-frame';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { expectAlive, expectClosed, expectClosedAfter } from '../verdicts';
import { onPairedWire } from './paired-wire';

/** What may not come before the hellos, on streams that the sender may use. */
const BEFORE_HELLO: readonly ((stream: number) => Uint8Array)[] = [
  (stream) => dataFrame(stream, new Uint8Array(100)),
  (stream) => requestFrame(stream, PATTERNS.filesList),
  (stream) => requestFrame(stream, PATTERNS.fileRead, { fileId: 'a'.repeat(64), ranges: [[0, 1]] }),
  (stream) => requestFrame(stream, PATTERNS.offerMake, { offerId: 'x', count: 1, bytes: 1, lifetimeMs: 1_000 }),
  (stream) => requestFrame(stream, PATTERNS.pairClaim, { proof: 'A'.repeat(43) }),
  () => eventFrame('share.changed'),
  () => pingFrame(),
  (stream) => cancelFrame(stream),
];

const beforeHello = (role: Role, run: (ground: Ground) => Promise<void>): HostileCase => ({
  id: 'W063',
  role,
  title: 'DATA, requests, events and PING before the hello',
  expect: 'K',
  run,
});

const PING_FLOOD = joined(...Array<Uint8Array>(10_000).fill(pingFrame()));

/** Right in itself, but not now. */
export const ORDER_ROWS: readonly HostileCase[] = [
  beforeHello('server', async (ground) => {
    for (const frame of BEFORE_HELLO) {
      const wire = await ground.dial();
      wire.send(frame(1));
      await expectClosed(wire, 'UNEXPECTED_MESSAGE');
    }
  }),
  beforeHello('client', async (ground) => {
    for (const frame of BEFORE_HELLO) {
      const server = await ground.listen({ answers: { hello: (wire) => wire.send(frame(2)) } });
      expect((await ground.nodeAdds(server)).status).toBe(502);
      await expectClosed(await server.nextWire(), 'UNEXPECTED_MESSAGE');
    }
  }),

  ...onPairedWire('W064', 'K', 'a second hello', async (_ground, { wire }) => {
    const attack = requestFrame(wire.newStream(), PATTERNS.hello, helloOf());
    await expectClosedAfter(wire, () => wire.send(attack), 'UNEXPECTED_MESSAGE');
  }),

  ...onPairedWire('W075', 'I', 'CANCEL that crosses the answer, then a request', async (_ground, { wire }) => {
    const stream = wire.newStream();
    wire.send(requestFrame(stream, PATTERNS.filesList), cancelFrame(stream), cancelFrame(stream));
    await wire.answerOn(stream); // the list, or CANCELLED: both may be
    wire.send(cancelFrame(stream));
    await expectAlive(wire);
    expect(wire.frames.filter(({ header }) => header.stream === stream)).toHaveLength(1);
  }),

  ...onPairedWire('W076', 'K', '10,000 PINGs a second', async (_ground, { wire }) => {
    await expectClosedAfter(wire, () => wire.send(PING_FLOOD), 'TOO_MANY_REQUESTS');
  }),

  ...onPairedWire('W078', 'K', 'frames behind the farewell', async (_ground, { wire }) => {
    const before = wire.frames.length;
    const stream = wire.newStream();
    wire.send(joined(goodbyeFrame(), requestFrame(stream, PATTERNS.filesList), pingFrame(1)));
    await expectClosed(wire, undefined, before);
    expect(wire.frames.slice(before).filter(({ header }) => header.type !== FrameType.PING)).toEqual([]);
  }),

  ...onPairedWire('W084', 'K', 'a second request on a stream that is in use', async (_ground, { wire }) => {
    const stream = wire.newStream();
    const twice = joined(requestFrame(stream, PATTERNS.filesList), requestFrame(stream, PATTERNS.filesList));
    const before = wire.frames.length;
    wire.send(twice);
    await wire.closed;
    // The first of the two may have been answered before the second was seen.
    const answered = wire.frames.slice(before).filter(({ header }) => header.type === FrameType.RESPONSE).length;
    expect(answered).toBeLessThanOrEqual(1);
    await expectClosed(wire, 'UNEXPECTED_MESSAGE', wire.frames.length - 1);
  }),

  ...onPairedWire('W086', 'K', 'a flood of CANCEL', async (ground, { wire }) => {
    const stream = wire.newStream();
    const attack = joined(
      requestFrame(stream, PATTERNS.filesList),
      ...Array<Uint8Array>(1_000).fill(cancelFrame(stream)),
    );
    wire.send(attack);
    await wire.closed;
    await expectClosed(wire, 'TOO_MANY_REQUESTS', wire.frames.length - 1);
    const other = await ground.pair();
    const random = joined(...[7, 1_001, 0x7fff_ffff, 12, 0xffff_fffe].map((id) => cancelFrame(id)));
    await expectClosedAfter(other, () => other.send(random), 'UNEXPECTED_MESSAGE');
  }),

  ...onPairedWire(
    'W072',
    'I',
    'the same answer again and again, 64 times; then once more',
    async (ground, attacker) => {
      const { wire, deviceId } = attacker;
      let stream = 0;
      wire.answers.set(PATTERNS.filesList, (_wire, asked) => {
        stream = asked;
        for (let count = 0; count < 65; count += 1) wire.send(emptyList(asked));
      });
      expect((await ground.node.api.call('GET', `/peers/${deviceId}/files`)).status).toBe(200);
      await expectAlive(wire);
      await expectClosedAfter(wire, () => wire.send(emptyList(stream)), 'UNEXPECTED_MESSAGE');
    },
  ),
];

function emptyList(stream: number): Uint8Array {
  return responseFrame(stream, { entries: [], nextCursor: null, total: 0 });
}
