import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { FrameType, PATTERNS } from '@ferry/protocol';
import { EventReader, isEvent, withDeadline } from '@ferry/test-nodes';
import { eventFrame, requestFrame } from '../../support/raw-frame';
import type { HostileCase } from '../case';
import type { Ground } from '../ground';
import { IS_FULL } from '../mode';
import { expectAlive } from '../verdicts';
import { offersOf } from './offering';
import { onPairedWire } from './paired-wire';

const OFFERS = IS_FULL ? 10_000 : 1_000;
const KEPT = 32;
const AT_ONCE = 50;
const EVENTS_A_SECOND = 10;

/** More events than a reader may be behind. */
const EVENTS = IS_FULL ? 6_000 : 1_500;
const NOTICES = 500;
const STOPPED_S = 60;
const CATCH_UP_MS = 20_000;
const TAIL_CHARS = 200;

/** An event stream on which nobody reads. */
async function stoppedReader(ground: Ground): Promise<IncomingMessage> {
  const asked = get(`${ground.node.api.origin}/api/v1/events`, { agent: false });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.pause();
  ground.defer(() => response.destroy());
  return response;
}

/** Reads on until the stream is up to date, was told to start over, or has ended. */
async function catchesUp(response: IncomingMessage, last: string): Promise<void> {
  let tail = '';
  const read = async (): Promise<void> => {
    for await (const part of response) {
      tail = `${tail.slice(-TAIL_CHARS)}${String(part)}`; // what is looked for may lie in two parts
      if (tail.includes(last) || tail.includes('event: resync')) return;
    }
  };
  await withDeadline(read(), CATCH_UP_MS, () => `${last} or resync; the end is ${tail}`);
}

/** What the user's page is told. */
export const EVENT_ROWS: readonly HostileCase[] = [
  ...onPairedWire(
    'W133',
    'E',
    `${OFFERS} offers, never answered: ${KEPT} are kept`,
    async (ground, { wire, deviceId }) => {
      const reader = await EventReader.open(ground.node.api.origin);
      ground.defer(() => reader.close());
      const startedAt = performance.now();
      let taken = 0;
      for (let made = 0; made < OFFERS; made += AT_ONCE) {
        const streams = Array.from({ length: AT_ONCE }, () => wire.newStream());
        const offer = () => ({ offerId: randomUUID(), count: 1, bytes: 1, lifetimeMs: 60_000 });
        wire.send(...streams.map((stream) => requestFrame(stream, PATTERNS.offerMake, offer())));
        for (const stream of streams) {
          const { header } = await wire.answerOn(stream);
          if (header.type === FrameType.RESPONSE) taken += 1;
        }
        wire.frames.length = 0; // many answers; searched for each further one
      }
      const seconds = Math.ceil((performance.now() - startedAt) / 1_000);
      expect(taken).toBe(KEPT);
      expect(await offersOf(ground, deviceId)).toHaveLength(KEPT);
      const told = reader.seen.filter((event) => isEvent(event, 'offers.added') || isEvent(event, 'offers.changed'));
      expect(told.length).toBeLessThanOrEqual(EVENTS_A_SECOND * (seconds + 1));
      await expectAlive(wire);
    },
  ),

  ...onPairedWire(
    'W134',
    'B',
    `a page that stops reading its events, ${EVENTS} of them and more`,
    async (ground, { wire, deviceId }) => {
      const response = await stoppedReader(ground);
      const startedAt = performance.now();
      const name = (count: number) => `${deviceId.slice(0, 7)} ${count} ${'n'.repeat(40)}`;
      let count = 0;
      while (count < EVENTS || (IS_FULL && performance.now() - startedAt < STOPPED_S * 1_000)) {
        await ground.node.api.ok('PATCH', `/peers/${deviceId}`, { name: name(++count) });
        if (count % NOTICES === 0) wire.send(eventFrame('share.changed'));
        if (count % NOTICES === 0) await expectAlive(wire);
      }
      await catchesUp(response, name(count));
      await expectAlive(wire);
    },
  ),
];
