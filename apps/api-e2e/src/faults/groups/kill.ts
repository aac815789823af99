import { Pair } from '../pair';
import { TransferUnderFault } from '../recovery';
import { type Defer, type FaultGroup, NotReached, type Scenario } from '../scenario';
import { callsDuring, type CallPlace } from '../system/call-log';
import { Strace } from '../system/strace';
import { threadsOf } from '../system/threads';

/** One thread for files, so that the n-th call is the same one each time. */
export const ONE_POOL_THREAD = { UV_THREADPOOL_SIZE: '1' };

const isOver = ({ state }: { state: string }) => state === 'complete';

/** Killed before every call that changes a file, which is also after the call before it. */
export const KILL_AT_CALL: FaultGroup = {
  name: 'kill',
  title: 'the receiver is killed at every file-system call of a transfer of three files',
  share: 22,
  async open(defer: Defer): Promise<readonly Scenario[]> {
    const pair = await Pair.open(defer, { env: ONE_POOL_THREAD });
    const places = await placesOfTransfer(pair);
    return places.map((place) => ({
      name: `${place.role} ${place.call} ${place.nth}`,
      run: () => killAt(pair, place),
    }));
  },
};

/** The calls of one transfer from its request to its end. */
export async function placesOfTransfer(pair: Pair): Promise<CallPlace[]> {
  await ensureWriter(pair);
  const set = await pair.sets.next();
  return callsDuring(pair.node.process.pid as number, pair.node.folders.root, async () => {
    const transfer = await TransferUnderFault.begin(pair, set);
    const done = await transfer.until(isOver);
    if (done === 'gone') throw new Error(`the receiver ended\n${pair.node.report()}`);
    await transfer.judgeEnd(done);
  });
}

/** The thread that writes blocks starts with the first block, and strace finds only threads that are there. */
export async function ensureWriter(pair: Pair): Promise<void> {
  const threads = await threadsOf(pair.node.process.pid as number);
  if (threads.some(({ role }) => role === 'worker')) return;
  const set = await pair.sets.next({ 'warm-up.bin': 1 });
  const transfer = await TransferUnderFault.begin(pair, set);
  const done = await transfer.until(isOver);
  if (done === 'gone') throw new Error(`the receiver ended\n${pair.node.report()}`);
  await transfer.judgeEnd(done);
}

/** strace on the threads of the place's role, with one more thing to do at the place. */
export async function armed(pair: Pair, { role, call, nth }: CallPlace, what: string): Promise<Strace> {
  const threads = await threadsOf(pair.node.process.pid as number);
  const tids = threads.filter((thread) => thread.role === role).map(({ tid }) => tid);
  return Strace.attach(tids, ['-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${nth}`, '-s', '0']);
}

async function killAt(pair: Pair, place: CallPlace): Promise<void> {
  await pair.ready();
  await ensureWriter(pair);
  const set = await pair.sets.next();
  const strace = await armed(pair, place, 'signal=SIGKILL');
  const transfer = await TransferUnderFault.begin(pair, set);
  const ended = await transfer.endsOrGoes();
  await strace.detach();
  if (ended === 'complete') throw new NotReached(`${place.role} ${place.call} ${place.nth}`);
  await transfer.recover(await transfer.judgeRemains());
}
