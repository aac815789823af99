import { eventFrame, helloOf, pingFrame, responseFrame } from '../../support/raw-frame';
import type { TapRecord } from '../../support/record-tap';
import type { HostileCase } from '../case';
import type { Ground } from '../ground';
import { expectClosed } from '../verdicts';

/** Fills whatever length a flipped bit has made of a record. */
const FILLER = eventFrame('unknown.event', 'x'.repeat(40_000));

/** Flips one bit of one record: the next one after `arm`. */
class Flipper {
  /** Bytes of the record that was hit. */
  length = 0;
  private isArmed = false;

  constructor(private readonly at: number) {}

  readonly tap: TapRecord = (record) => {
    if (!this.isArmed) return record;
    this.isArmed = false;
    this.length = record.length;
    const copy = Buffer.from(record);
    copy[this.at] = (copy[this.at] ?? 0) ^ (1 << (this.at % 8)); // another bit for each byte
    return copy;
  };

  arm(): void {
    this.isArmed = true;
  }
}

/** A stranger's PING, damaged on its way. */
async function flipPing(ground: Ground, at: number): Promise<number> {
  const flipper = new Flipper(at);
  const wire = await ground.greet({ tap: flipper.tap });
  const before = wire.frames.length;
  flipper.arm();
  wire.send(pingFrame(at), FILLER);
  await expectClosed(wire, undefined, before);
  expect(wire.frames.slice(before)).toEqual([]); // no PONG, and nothing that was read as another frame
  return flipper.length;
}

/** The hello of a device that the node dials, damaged on its way. */
async function flipHello(ground: Ground, at: number): Promise<number> {
  const flipper = new Flipper(at);
  const server = await ground.listen({
    tap: () => flipper.tap,
    answers: {
      hello: (wire, stream) => {
        flipper.arm();
        wire.send(responseFrame(stream, helloOf()), FILLER);
      },
    },
  });
  expect((await ground.nodeAdds(server)).status).toBe(502);
  await expectClosed(await server.nextWire());
  return flipper.length;
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
