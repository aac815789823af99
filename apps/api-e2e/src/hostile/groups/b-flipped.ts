import { withDeadline } from '@ferry/test-nodes';
import { eventFrame, helloOf, pingFrame, responseFrame } from '../../support/raw-frame';
import type { RawWire } from '../../support/raw-wire';
import type { TapRecord } from '../../support/record-tap';
import type { HostileCase } from '../case';
import type { Ground } from '../ground';
import { expectClosed } from '../verdicts';

/** Fills whatever length a flipped bit has made of a record. */
const FILLER = eventFrame('unknown.event', 'x'.repeat(40_000));

const WAIT_MS = 15_000;
/** What TLS 1.3 adds to the frame in a record: header, content type, tag. */
const RECORD_OVERHEAD_BYTES = 5 + 1 + 16;

/** Sends a frame in a record of its own and flips one bit of that. */
class Flipper {
  /** Of the record that is hit. */
  readonly length: number;
  private isArmed = false;
  private readonly hit: Promise<void>;
  private tellHit: () => void = () => undefined;

  constructor(
    private readonly frame: Uint8Array,
    private readonly at: number,
  ) {
    this.hit = new Promise((resolve) => (this.tellHit = resolve));
    this.length = frame.length + RECORD_OVERHEAD_BYTES;
  }

  readonly tap: TapRecord = (record) => {
    if (!this.isArmed || record.length !== this.length) return record;
    this.isArmed = false;
    const copy = Buffer.from(record);
    copy[this.at] = (copy[this.at] ?? 0) ^ (1 << (this.at % 8)); // another bit for each byte
    this.tellHit();
    return copy;
  };

  /** The filler goes after it, not with it: two writes at once may become one record. */
  async send(wire: RawWire): Promise<void> {
    this.isArmed = true;
    wire.send(this.frame);
    await withDeadline(this.hit, WAIT_MS, 'the record to be flipped');
    wire.send(FILLER);
  }
}

/** A stranger's PING, damaged on its way. */
async function flipPing(ground: Ground, at: number): Promise<number> {
  const flipper = new Flipper(pingFrame(at), at);
  const wire = await ground.greet({ tap: flipper.tap });
  const before = wire.frames.length;
  await flipper.send(wire);
  await expectClosed(wire, undefined, before);
  expect(wire.frames.slice(before)).toEqual([]); // no PONG, and nothing that was read as another frame
  return flipper.length;
}

/** The hello of a device that the node dials, damaged on its way. */
async function flipHello(ground: Ground, at: number): Promise<number> {
  let flipper: Flipper | undefined;
  let sending: Promise<void> | undefined;
  const server = await ground.listen({
    tap:
      () =>
      (...record) =>
        flipper?.tap(...record) ?? record[0],
    answers: {
      hello: (wire, stream) => {
        flipper = new Flipper(responseFrame(stream, helloOf()), at);
        sending = flipper.send(wire);
      },
    },
  });
  expect((await ground.nodeAdds(server)).status).toBe(502);
  await sending;
  await expectClosed(await server.nextWire());
  return flipper?.length ?? 0;
}

async function flipEachByte(ground: Ground, flip: (ground: Ground, at: number) => Promise<number>): Promise<void> {
  const length = await flip(ground, 0);
  expect(length).toBeGreaterThan(0);
  for (let at = 1; at < length; at += 1) await flip(ground, at);
}

const title = 'a frame with one bit flipped below TLS, in each of its bytes in turn';

export const FLIPPED_ROWS: readonly HostileCase[] = [
  { id: 'W061', role: 'server', title, expect: 'K', run: (ground) => flipEachByte(ground, flipPing) },
  { id: 'W061', role: 'client', title, expect: 'K', run: (ground) => flipEachByte(ground, flipHello) },
];
