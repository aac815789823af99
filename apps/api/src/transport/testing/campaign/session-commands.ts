import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { DataReceiver } from '../../data-answer';
import { PeerError } from '../../peer-error';
import { CONTENT_BYTES } from './test-handlers';
import { otherSide, type RealSessions, type SessionModel, type Side } from './session-model';

type Command = fc.AsyncCommand<SessionModel, RealSessions>;
type Run = (model: SessionModel, real: RealSessions) => Promise<void>;

function command(name: string, run: Run, check: (model: SessionModel) => boolean = ({ isOpen }) => isOpen): Command {
  return { check, run, toString: () => name };
}

function assertEqual(what: string, found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) {
    throw new Error(`${what}: ${JSON.stringify(found)} in place of ${JSON.stringify(expected)}`);
  }
}

function codesOf(error: unknown): unknown {
  return error instanceof PeerError ? [error.code, error.remoteCode] : error;
}

const CANCELLED = new Error('cancelled by the test');

const echo = (side: Side, value: unknown): Command =>
  command(`echo by ${side}`, async (_model, real) => {
    assertEqual('echo', await real.request(side, 'test.echo', value).settled, { value });
  });

const refused = (side: Side, pattern: string, remoteCode: string): Command =>
  command(`${pattern} by ${side}`, async (_model, real) => {
    const faults = real.hosts[otherSide(side)].faults.length;
    const { error } = await real.request(side, pattern).settled;
    assertEqual(pattern, codesOf(error), ['REMOTE', remoteCode]);
    assertEqual('secret', String(error).includes('secret'), false);
    assertEqual('faults', real.hosts[otherSide(side)].faults.length - faults, pattern === 'test.fault' ? 1 : 0);
    real.hosts[otherSide(side)].faults.length = faults;
  });

/** Counts what comes, and may cancel at the first frame. */
function countingReceiver(onFrame: () => void = () => undefined): DataReceiver & { bytesReceived: number } {
  const receiver = {
    bytesReceived: 0,
    begin: () => onFrame(),
    bytes: (part: Uint8Array) => void (receiver.bytesReceived += part.length),
    end: () => undefined,
  };
  return receiver;
}

const content = (side: Side, frames: number): Command =>
  command(`${frames} frames for ${side}`, async (_model, real) => {
    const receiver = countingReceiver();
    assertEqual('content', await real.request(side, 'test.content', frames, receiver).settled, { value: { frames } });
    assertEqual('bytes', receiver.bytesReceived, frames * CONTENT_BYTES);
  });

const contentCancelled = (side: Side): Command =>
  command(`content cancelled by ${side}`, async (_model, real) => {
    const request = real.request(
      side,
      'test.content',
      40,
      countingReceiver(() => request.abort.abort(CANCELLED)),
    );
    assertEqual('cancelled content', await request.settled, { error: CANCELLED });
  });

const wait = (side: Side): Command =>
  command(
    `wait by ${side}`,
    async (model, real) => {
      const { waiting } = real.handlers[otherSide(side)];
      real.pending[side].push(real.request(side, 'test.wait'));
      model.waiting[side] += 1;
      await real.request(side, 'test.echo').settled; // behind the other, so that has arrived
      assertEqual('waiting', waiting.length, model.waiting[side]);
    },
    ({ isOpen, waiting }) => isOpen && waiting[side] < 60,
  );

const release = (side: Side, value: unknown): Command =>
  command(
    `release for ${side}`,
    async (model, real) => {
      real.handlers[otherSide(side)].waiting.shift()?.(value);
      model.waiting[side] -= 1;
      assertEqual('released', await real.pending[side].shift()?.settled, { value });
    },
    ({ isOpen, waiting }) => isOpen && waiting[side] > 0,
  );

const cancelWait = (side: Side): Command =>
  command(
    `cancel by ${side}`,
    async (model, real) => {
      const request = real.pending[side].shift();
      request?.abort.abort(CANCELLED);
      model.waiting[side] -= 1;
      assertEqual('cancelled', await request?.settled, { error: CANCELLED });
      await real.session(side).ping();
      assertEqual('waiting', real.handlers[otherSide(side)].waiting.length, model.waiting[side]);
    },
    ({ isOpen, waiting }) => isOpen && waiting[side] > 0,
  );

const event = (side: Side): Command =>
  command(`event of ${side}`, async (model, real) => {
    const to = otherSide(side);
    real.session(side).notify('test.happened', { by: side });
    model.events[to] += 1;
    await real.session(side).ping();
    assertEqual('events', real.hosts[to].events.length, model.events[to]);
  });

const ping = (side: Side): Command =>
  command(`ping of ${side}`, async (_model, real) => {
    const roundTripMs = await real.session(side).ping();
    assertEqual('round trip', roundTripMs >= 0, true);
  });

const held = (side: Side, value: unknown): Command =>
  command(`echo by ${side} over a held wire`, async (_model, real) => {
    real.link.there.hold();
    real.link.back.hold();
    const request = real.request(side, 'test.echo', value);
    const first = await Promise.race([request.settled, new Promise((resolve) => setImmediate(resolve, 'nothing'))]);
    assertEqual('an answer over a held wire', first, 'nothing');
    real.link.there.release();
    real.link.back.release();
    assertEqual('echo', await request.settled, { value });
  });

const burst = (side: Side, count: number): Command =>
  command(`${count} at once by ${side}`, async (_model, real) => {
    const values = Array.from({ length: count }, (_, index) => index);
    const answers = await Promise.all(values.map((value) => real.request(side, 'test.echo', value).settled));
    assertEqual(
      'burst',
      answers,
      values.map((value) => ({ value })),
    );
  });

/** The session ends, and every request that waited fails with it. */
async function expectEnd(model: SessionModel, real: RealSessions): Promise<void> {
  await real.ended();
  model.end();
  const orphans = [...real.pending.dialler.splice(0), ...real.pending.listener.splice(0)];
  for (const { error } of await Promise.all(orphans.map(({ settled }) => settled))) {
    assertEqual('an orphan fails', error instanceof PeerError, true);
  }
  for (const side of ['dialler', 'listener'] as const) {
    assertEqual('open', real.session(side).isOpen, false);
    assertEqual('handlers that still wait', real.handlers[side].waiting.length, 0);
    assertEqual('faults', real.hosts[side].faults, []);
  }
}

const distrust = (side: Side): Command =>
  command(`${side} forgets the other`, async (model, real) => {
    real.hosts[side].isTrusting = false;
    const { error } = await real.request(otherSide(side), 'test.echo', 1).settled;
    assertEqual('distrust', codesOf(error), ['NOT_PAIRED', 'NOT_PAIRED']);
    await expectEnd(model, real);
  });

const ending = (name: string, side: Side, act: (real: RealSessions) => void): Command =>
  command(`${name} by ${side}`, async (model, real) => {
    act(real);
    await expectEnd(model, real);
  });

/** A header of a type that does not exist. */
const BROKEN = new Uint8Array(12);

const reopen: Command = command(
  'a new session',
  async (model, real) => {
    await real.open();
    model.isOpen = true;
    model.events.dialler = 0;
    model.events.listener = 0;
  },
  ({ isOpen }) => !isOpen,
);

const side = fc.constantFrom<Side>('dialler', 'listener');
const value = fc.jsonValue({ maxDepth: 3, noUnicodeString: false }).filter(isSafeJson);

/** What control JSON refuses by rule is not for the echo. */
function isSafeJson(candidate: unknown): boolean {
  const text = JSON.stringify(candidate);
  return text.length < 4_000 && !/-0(?![.\d])|\d{16,}|e[+-]?\d+|\\ud[89a-f]/i.test(text);
}

/** Sixteen kinds of command and more, each by either side. */
export const sessionCommands: fc.Arbitrary<Command>[] = [
  fc.tuple(side, value).map(([by, data]) => echo(by, data)),
  side.map((by) => refused(by, 'test.refuse', 'UNKNOWN_FILE')),
  side.map((by) => refused(by, 'test.fault', 'INTERNAL')),
  side.map((by) => refused(by, 'test.unknown', 'UNKNOWN_PATTERN')),
  fc.tuple(side, fc.integer({ min: 0, max: 12 })).map(([by, frames]) => content(by, frames)),
  side.map(contentCancelled),
  side.map(wait),
  fc.tuple(side, value).map(([by, data]) => release(by, data)),
  side.map(cancelWait),
  side.map(event),
  side.map(ping),
  fc.tuple(side, value).map(([by, data]) => held(by, data)),
  fc.tuple(side, fc.integer({ min: 2, max: 100 })).map(([by, count]) => burst(by, count)),
  side.map(distrust),
  side.map((by) => ending('close', by, (real) => real.session(by).close())),
  side.map((by) => ending('abort', by, (real) => real.session(by).abort(new Error('torn')))),
  side.map((by) => ending('a broken frame', by, (real) => real.link.inject(otherSide(by), BROKEN))),
  fc.constant(reopen),
];
