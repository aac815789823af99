import type { Transfer } from '@ferry/protocol';
import { untilTransfer } from '@ferry/test-nodes';
import { Pair } from '../pair';
import { TransferUnderFault } from '../recovery';
import { type FaultGroup, NotReached, type Scenario } from '../scenario';
import type { CallPlace, ChangingCall } from '../system/call-log';
import { armed, ensureWriter, ONE_POOL_THREAD, placesOfTransfer } from './kill';

/** What a call may fail with on a disk that is full or broken. */
const ERRORS: Partial<Record<ChangingCall, readonly string[]>> = {
  write: ['EIO', 'ENOSPC'],
  pwrite64: ['EIO', 'ENOSPC'],
  ftruncate: ['EIO', 'ENOSPC'],
  fallocate: ['EIO', 'ENOSPC'],
  fsync: ['EIO', 'ENOSPC'],
  fdatasync: ['EIO', 'ENOSPC'],
  mkdir: ['EIO', 'ENOSPC'],
  openat: ['EIO', 'ENOSPC'],
  link: ['EIO', 'ENOSPC'],
  unlink: ['EIO'],
  rename: ['EIO', 'ENOSPC'],
  utimensat: ['EIO'],
};
const SETTLED_MS = 25_000;

/** One call fails, as it would on a bad sector or a disk that is full for a moment. */
export const FAILING_CALLS: FaultGroup = {
  name: 'errors',
  title: 'each call of a transfer of three files fails once with EIO or ENOSPC',
  share: 18,
  async open(defer) {
    const pair = await Pair.open(defer, { env: ONE_POOL_THREAD });
    const places = await placesOfTransfer(pair);
    return places.flatMap((place) =>
      (ERRORS[place.call] ?? []).map((error): Scenario => ({
        name: `${place.role} ${place.call} ${place.nth} ${error}`,
        run: () => failAt(pair, place, error),
      })),
    );
  },
};

async function failAt(pair: Pair, place: CallPlace, error: string): Promise<string> {
  await pair.ready();
  await ensureWriter(pair);
  const set = await pair.sets.next();
  const strace = await armed(pair, place, `error=${error}`);
  const transfer = await TransferUnderFault.begin(pair, set);
  const came = await transfer.settled(SETTLED_MS);
  const hits = await strace.detach();
  const what = (did: string) => `${place.role} ${place.call} ${error}: ${did}`;
  if (came === 'gone') {
    await transfer.recover(await transfer.judgeRemains());
    return what('the node ended, and went on when it was started');
  }
  await transfer.judgeLiving();
  const done = await goOn(pair, came, () => pair.pull(set));
  await transfer.judgeEndTwice(done);
  if (hits === 0) throw new NotReached(`${place.role} ${place.call} ${place.nth}`);
  if (came === 'refused') return what('refused, and worked when asked again');
  return what(came.state === 'failed' ? 'failed, and worked when asked again' : 'complete by itself');
}

/** What its user does: asks again for what failed, or was refused; everything else must go on by itself. */
async function goOn(pair: Pair, came: Transfer | 'refused', pull: () => Promise<Transfer>): Promise<Transfer> {
  const again = came === 'refused' ? await pull() : came.state === 'failed' ? await pair.api.retry(came.id) : came;
  return untilTransfer(pair.api, again.id, ({ state }) => state === 'complete');
}
