import { FrameType, PATTERNS } from '@ferry/protocol';
import { EventReader, isEvent } from '@ferry/test-nodes';
import { eventFrame, joined, pingFrame, requestFrame, requestText } from '../../support/raw-frame';
import type { HostileCase } from '../case';
import { withinCpu } from '../cpu';
import { expectAlive, expectClosedAfter, expectClosedByDeadline, expectErrorReply } from '../verdicts';
import { listing, onPairedWire } from './paired-wire';

/** Most of it is TLS: each byte is a record of its own. */
const ONE_BY_ONE_CPU_MS = 300;
const KEYS_CPU_MS = 20;
const LONG = 16_384;

/** Framing cases whose verdict needs more than the end of the connection. */
export const FRAMING_ROWS: readonly HostileCase[] = [
  ...onPairedWire('W037', 'T', 'all but the last byte of a frame, then silence', async (ground, { wire }) => {
    const frame = listing(wire.newStream(), '{}');
    wire.answersPings = false; // a PONG would be taken for the missing byte
    wire.send(frame.subarray(0, -1));
    await expectClosedByDeadline(ground, 15, wire.closed);
  }),

  ...onPairedWire('W038', 'K', 'all but the last byte of an event, then FIN', async (ground, { wire }) => {
    const events = await EventReader.open(ground.node.api.origin);
    ground.defer(() => events.close());
    await expectClosedAfter(wire, () => {
      wire.send(eventFrame('share.changed').subarray(0, -1));
      wire.tls.end();
    });
    const next = await ground.pair();
    next.send(eventFrame('share.changed')); // an event that does count comes after all that was before
    await events.find((event) => isEvent(event, 'peers.share-changed'), 10_000, 'the event of the other device');
    expect(events.seen.filter((event) => isEvent(event, 'peers.share-changed'))).toHaveLength(1);
  }),

  ...onPairedWire('W039', 'OK', 'a frame of 16 KiB, one byte at a time', async (ground, { wire }) => {
    const stream = wire.newStream();
    const head = '{"pattern":"files.list","data":{"ignored":"';
    wire.answersPings = false; // a PONG would lie between two bytes of the frame
    await withinCpu(ground, ONE_BY_ONE_CPU_MS, async () => {
      for (const byte of requestText(stream, `${head}${'x'.repeat(LONG - head.length - 3)}"}}`)) {
        await new Promise((resolve) => wire.tls.write(Uint8Array.of(byte), resolve)); // a record of its own
      }
      expect((await wire.answerOn(stream)).header.type).toBe(FrameType.RESPONSE);
    });
  }),

  ...onPairedWire('W042', 'OK', 'two frames in three writes, the second header cut', async (_ground, { wire }) => {
    const [first, second] = [wire.newStream(), wire.newStream()];
    const bytes = joined(requestFrame(first, PATTERNS.filesList), requestFrame(second, PATTERNS.filesList));
    const cut = bytes.length / 2;
    wire.send(bytes.subarray(0, cut - 10), bytes.subarray(cut - 10, cut + 5), bytes.subarray(cut + 5));
    for (const stream of [first, second]) {
      expect((await wire.answerOn(stream)).header.type).toBe(FrameType.RESPONSE);
    }
  }),

  ...onPairedWire('W054', 'K', 'numbers that are none, too large, or in quotes', async (ground, { wire }) => {
    // Where the message cannot be read at all the session ends; where one field is wrong its request is refused.
    for (const limit of ['-0', '"12"', '1.5', 'null', '-1', '1001']) {
      const stream = wire.newStream();
      wire.send(listing(stream, `{"limit":${limit}}`));
      await expectErrorReply(wire, wire.answerOn(stream), 'MALFORMED_MESSAGE');
    }
    const others = [...Array(4)].map(() => ground.pair());
    const numbers = ['1e400', '9007199254740993', 'NaN', '012'];
    for (const [index, other] of (await Promise.all(others)).entries()) {
      const attack = listing(other.newStream(), `{"limit":${numbers[index]}}`);
      await expectClosedAfter(other, () => other.send(attack), 'MALFORMED_MESSAGE');
    }
  }),

  ...onPairedWire(
    'W055',
    'OK',
    '60 KiB of keys in one object: unknown fields are ignored',
    async (ground, { wire }) => {
      // Keys that are small integers share few hashes in V8, and those of one length fill one bucket after the other.
      const keys = Array.from({ length: 5_000 }, (_, index) => `"${index * 4_096}":0`)
        .join(',')
        .slice(0, 60_000);
      const stream = wire.newStream();
      await withinCpu(ground, KEYS_CPU_MS, async () => {
        wire.send(listing(stream, `{${keys.slice(0, keys.lastIndexOf(','))}}`));
        expect((await wire.answerOn(stream)).header.type).toBe(FrameType.RESPONSE);
      });
      wire.send(pingFrame(7));
      await expectAlive(wire);
    },
  ),
];
