import { setTimeout as delay } from 'node:timers/promises';
import { MEBIBYTE } from '@ferry/test-nodes';
import { SEED } from '../mode';
import { Pair } from '../pair';
import { Random } from '../random';
import { TransferUnderFault } from '../recovery';
import type { FaultGroup, Scenario } from '../scenario';

const KILLS = 200;
/** A transfer of three files takes about half of that. */
const LATEST_MS = 400;
/** Every so many kills the node is killed once more while it starts and repairs. */
const TWICE_EVERY = 4;
/** Every so many kills hit a larger file on a slow line, of which much must be kept. */
const LARGE_EVERY = 10;
const LARGE_BYTES = 48 * MEBIBYTE;
const SLOW = 10 * MEBIBYTE;
/** What was verified so long before the kill is safe: 2 s by the design, the time of a sync, and of an event. */
const SAFE_AFTER_MS = 3_500;

/** Killed at moments that nobody chose. */
export const RANDOM_KILLS: FaultGroup = {
  name: 'random',
  title: `${KILLS} kills of the receiver at random moments`,
  share: 12,
  async open(defer) {
    const pair = await Pair.open(defer);
    return Array.from({ length: KILLS }, (_, index): Scenario => {
      const random = new Random(SEED * KILLS + index);
      const run =
        (index + 1) % LARGE_EVERY === 0 ? () => killLarge(pair, random) : () => killSmall(pair, random, index);
      return { name: `${index + 1}`, run };
    });
  },
};

async function killSmall(pair: Pair, random: Random, index: number): Promise<void> {
  await pair.ready();
  const transfer = await TransferUnderFault.begin(pair, await pair.sets.next());
  await delay(random.between(0, LATEST_MS)); // not a wait for anything: the moment of the kill
  await pair.node.kill();
  let disk = await transfer.judgeRemains();
  if (index % TWICE_EVERY === 0) {
    await killWhileStarting(pair, random);
    disk = await transfer.judgeRemains();
  }
  await transfer.recover(disk);
}

/** Beside the oracle: what was verified long enough before the kill is not asked for again (invariant 3). */
async function killLarge(pair: Pair, random: Random): Promise<void> {
  await pair.ready();
  const set = await pair.sets.next({ 'large.bin': LARGE_BYTES });
  pair.limitSpeed(SLOW);
  try {
    const transfer = await TransferUnderFault.begin(pair, set);
    await delay(random.between(3_000, 4_500));
    const before = await pair.transfer();
    await delay(SAFE_AFTER_MS);
    await pair.node.kill();
    pair.limitSpeed(Infinity);
    await transfer.recover(await transfer.judgeRemains(), { safeBytes: before?.verifiedBytes ?? 0 });
  } finally {
    pair.limitSpeed(Infinity);
  }
}

async function killWhileStarting(pair: Pair, random: Random): Promise<void> {
  const started = pair.node.start().catch(() => undefined); // it never comes up
  await delay(random.between(100, 1_200));
  await pair.node.kill();
  await started;
}
