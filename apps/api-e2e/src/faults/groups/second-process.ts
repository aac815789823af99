import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NODE_SCRIPT, NodeProcess, Program } from '@ferry/test-nodes';
import { Pair } from '../pair';
import { TransferUnderFault } from '../recovery';
import type { FaultGroup, Scenario } from '../scenario';

const REFUSED_MS = 10_000;

/** One process for each data folder, by a lock of the operating system. */
export const SECOND_PROCESS: FaultGroup = {
  name: 'second',
  title: 'a second process on the same data folder is refused, the first is unharmed',
  share: 4,
  async open(defer) {
    const pair = await Pair.open(defer);
    const other = await NodeProcess.create('second');
    defer(() => other.dispose());
    const env = { ...other.env, FERRY_DATA_DIR: pair.node.folders.data };
    const scenario = (name: string, prepare: () => Promise<void>): Scenario => ({
      name,
      run: async () => {
        await pair.ready();
        await prepare();
        await refusedDuringTransfer(pair, env);
      },
    });
    return [
      scenario('after an ordinary start', async () => undefined),
      scenario('after a kill and a start', async () => {
        await pair.node.kill();
        await pair.node.start();
      }),
    ];
  },
};

async function refusedDuringTransfer(pair: Pair, env: Readonly<Record<string, string>>): Promise<void> {
  const before = await identityOf(pair);
  const transfer = await TransferUnderFault.begin(pair, await pair.sets.next());
  const startedAt = Date.now();
  const second = Program.spawn('second', NODE_SCRIPT, env);
  const { code } = await second.end();
  const tookMs = Date.now() - startedAt;
  const { stderr } = second.output;
  if (code === 0 || tookMs > REFUSED_MS) throw new Error(`ended with ${code} after ${tookMs} ms`);
  if (!stderr.includes(pair.node.folders.data) || stderr.includes('    at '))
    throw new Error(`not told in a line what to do: ${stderr}`);
  const done = await transfer.until(({ state }) => state === 'complete');
  if (done === 'gone') throw new Error(`the first process ended\n${pair.node.report()}`);
  if (JSON.stringify(await identityOf(pair)) !== JSON.stringify(before)) throw new Error('the key was touched');
  await transfer.judgeEndTwice(done);
}

async function identityOf({ node }: Pair): Promise<object> {
  const { ino, mtimeMs, size } = await stat(join(node.folders.data, 'identity.key'));
  return { ino, mtimeMs, size };
}
