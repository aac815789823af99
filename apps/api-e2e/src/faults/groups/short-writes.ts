import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { sha256sum, untilEntry } from '@ferry/test-nodes';
import { SEED } from '../mode';
import { Pair } from '../pair';
import { Random } from '../random';
import { TransferUnderFault } from '../recovery';
import { type Defer, type FaultGroup, type Scenario, Unable } from '../scenario';
import { temporaryFolder } from '../system/disk';
import { has, run } from '../system/run';

const SOURCE = join(__dirname, '../system/short-writes.c');
const SEEDS = 8;
const UPLOAD_BYTES = 2_500_000;

/** strace can only claim that a write was short; a library between node and kernel makes it so. */
export const SHORT_WRITES: FaultGroup = {
  name: 'short',
  title: 'half of all writes take only a part of their bytes',
  share: 5,
  async open(defer) {
    const library = await compiled(defer);
    return Array.from({ length: SEEDS }, (_, index): Scenario => {
      const seed = new Random(SEED * SEEDS + index).between(1, 1_000_000);
      return { name: `seed ${index + 1}`, run: () => withShortWrites(library, seed) };
    });
  },
};

async function compiled(defer: Defer): Promise<string> {
  if (!(await has('cc'))) throw new Unable('there is no C compiler for the library that shortens them');
  const library = join(await temporaryFolder(defer, 'short'), 'short-writes.so');
  await run('cc', '-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl');
  return library;
}

/** First start, pairing, a transfer, an upload, a stop and a start: all of it writes. */
async function withShortWrites(library: string, seed: number): Promise<void> {
  const disposals: (() => unknown)[] = [];
  try {
    const env = { LD_PRELOAD: library, SHORT_WRITES_SEED: String(seed) };
    const pair = await Pair.open((dispose) => disposals.push(dispose), { env });
    await pair.ready();
    const transfer = await TransferUnderFault.begin(pair, await pair.sets.next());
    const done = await transfer.until(({ state }) => state === 'complete');
    if (done === 'gone') throw new Error(`the receiver ended\n${pair.node.report()}`);
    await uploadWhole(pair);
    await transfer.judgeEndTwice(done);
  } finally {
    for (const dispose of disposals.reverse()) await dispose();
  }
}

async function uploadWhole({ node, api }: Pair): Promise<void> {
  const content = randomBytes(UPLOAD_BYTES);
  const { path } = await api.upload({ name: 'upload.bin', content });
  await untilEntry(api, path);
  const got = await sha256sum(join(node.folders.shared, path));
  if (got !== createHash('sha256').update(content).digest('hex')) throw new Error('the upload has other content');
}
