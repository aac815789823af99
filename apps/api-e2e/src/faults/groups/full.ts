import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transfer } from '@ferry/protocol';
import { MEBIBYTE, untilTransfer } from '@ferry/test-nodes';
import type { Pair } from '../pair';
import { TransferUnderFault } from '../recovery';
import type { FaultGroup, Scenario } from '../scenario';
import { Disk, temporaryFolder } from '../system/disk';
import { run } from '../system/run';
import { pairOnDisk } from './power';

const SPEED = 3 * MEBIBYTE;
const NOTICED_MS = 25_000;
/** Looked at every 5 s by the design. */
const GOES_ON_MS = 25_000;
/** Less than the node leaves to others, enough for its own state. */
const SOME_ROOM = 32 * MEBIBYTE;
const NO_ROOM = 0;

type Restart = 'restarted while it waits' | 'left alone';

/** A disk that is really full, and has room again. */
export const FULL_DISK: FaultGroup = {
  name: 'full',
  title: 'the disk is filled by somebody else, and has room again',
  share: 6,
  async open(defer) {
    const folder = await temporaryFolder(defer, 'full');
    const disk = await Disk.create(defer, join(folder, 'disk.img'), 'ext4');
    const pair = await pairOnDisk(defer, disk);
    const filler = join(pair.node.folders.root, 'somebody-else.bin');
    return [
      { name: 'before the transfer', run: () => fullBefore(pair, filler) },
      { name: 'during the transfer', run: () => fullDuring(pair, filler, 'left alone') },
      { name: 'during the transfer, and a restart', run: () => fullDuring(pair, filler, 'restarted while it waits') },
      { name: 'to the last byte', run: () => fullToTheLastByte(pair, filler) },
    ] satisfies Scenario[];
  },
};

async function fullBefore(pair: Pair, filler: string): Promise<void> {
  await pair.ready();
  await fill(filler, SOME_ROOM);
  try {
    const transfer = await TransferUnderFault.begin(pair, await pair.sets.next());
    await goesOn(pair, transfer, await transfer.until(isWaitingForRoom, NOTICED_MS), filler);
  } finally {
    await rm(filler, { force: true });
  }
}

async function fullDuring(pair: Pair, filler: string, restart: Restart): Promise<void> {
  await pair.ready();
  const transfer = await TransferUnderFault.begin(pair, await slowSet(pair));
  try {
    await transfer.until(({ verifiedBytes }) => verifiedBytes > 2 * MEBIBYTE);
    await fill(filler, SOME_ROOM);
    let paused = await transfer.until(isWaitingForRoom, NOTICED_MS);
    if (restart === 'restarted while it waits' && paused !== 'gone') {
      await pair.node.kill();
      await pair.node.start();
      paused = await untilTransfer(pair.api, paused.id, isWaitingForRoom, NOTICED_MS);
    }
    await goesOn(pair, transfer, paused, filler);
  } finally {
    pair.limitSpeed(Infinity);
    await rm(filler, { force: true });
  }
}

/** Also the database has no room: the node may end or fail the transfer, and says nothing that is not so. */
async function fullToTheLastByte(pair: Pair, filler: string): Promise<void> {
  await pair.ready();
  const transfer = await TransferUnderFault.begin(pair, await slowSet(pair));
  try {
    await transfer.until(({ verifiedBytes }) => verifiedBytes > 2 * MEBIBYTE);
    await fill(filler, NO_ROOM);
    pair.limitSpeed(Infinity);
    await transfer.until(({ state }) => state === 'failed' || state === 'paused', NOTICED_MS);
  } finally {
    pair.limitSpeed(Infinity);
    await rm(filler, { force: true });
  }
  await pair.node.kill();
  await transfer.recover(await transfer.judgeRemains(), { mayHaveFailed: true });
}

async function slowSet(pair: Pair) {
  const set = await pair.sets.next({ 'large.bin': 20 * MEBIBYTE });
  pair.limitSpeed(SPEED);
  return set;
}

async function goesOn(
  pair: Pair,
  transfer: TransferUnderFault,
  paused: Transfer | 'gone',
  filler: string,
): Promise<void> {
  if (paused === 'gone') throw new Error(`the receiver ended\n${pair.node.report()}`);
  await transfer.judgeLiving();
  await rm(filler);
  const done = await untilTransfer(pair.api, paused.id, ({ state }) => state === 'complete', GOES_ON_MS);
  await transfer.judgeEndTwice(done);
}

function isWaitingForRoom({ state, error }: Transfer): boolean {
  return state === 'paused' && error?.code === 'insufficient-storage' && (error.missingBytes ?? 0) > 0;
}

/** Takes the room of a disk. @param leaves bytes that stay free. */
async function fill(filler: string, leaves: number): Promise<void> {
  await (await open(filler, 'w')).close();
  const { bavail, bsize } = await statfs(filler);
  await run('fallocate', '-l', String(bavail * bsize - leaves), filler);
}
