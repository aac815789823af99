import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MEBIBYTE } from '@ferry/test-nodes';
import { SEED } from '../mode';
import { Pair } from '../pair';
import { Random } from '../random';
import { TransferUnderFault } from '../recovery';
import { type FaultGroup, type Scenario, Unable } from '../scenario';
import { Disk, temporaryFolder } from '../system/disk';
import { run } from '../system/run';

const ROUNDS = 6;
const SPEED = 3 * MEBIBYTE;
const SETTLED_MS = 25_000;
type Held = 'received' | 'root';

/** What ext4 does by default on the disks of most systems when it meets an error: no more writing. */
export const READ_ONLY: FaultGroup = {
  name: 'readonly',
  title: 'the file system becomes read-only while files come, and is repaired',
  share: 6,
  async open(defer) {
    const folder = await temporaryFolder(defer, 'readonly');
    const scenarios: Scenario[] = [];
    for (const held of ['received', 'root'] as const) {
      const disk = await Disk.create(defer, join(folder, `${held}.img`), 'ext4');
      let pair: Promise<Pair> | undefined;
      const open = () => (pair ??= openOn(disk, held, defer));
      for (let index = 0; index < ROUNDS; index += 1) {
        const random = new Random(SEED * ROUNDS + index);
        const name = `${held === 'root' ? 'all folders' : 'received files'} ${index + 1}`;
        scenarios.push({ name, run: async () => readOnlyDuring(await open(), disk, held, random) });
      }
    }
    return scenarios;
  },
};

function openOn(disk: Disk, held: Held, defer: (dispose: () => unknown) => void): Promise<Pair> {
  return Pair.open(defer, {
    prepare: async ({ folders }) => {
      await disk.mount(folders[held], 'errors=remount-ro');
      if (held === 'root') await run('mkdir', folders.shared, folders.received);
    },
  });
}

async function readOnlyDuring(pair: Pair, disk: Disk, held: Held, random: Random): Promise<void> {
  await pair.ready();
  pair.limitSpeed(SPEED);
  const transfer = await TransferUnderFault.begin(pair, await pair.sets.next());
  try {
    await pair.sender.proxy.passed(random.between(1, 3 * MEBIBYTE)).catch(() => undefined);
    await failOnDisk(disk);
    pair.limitSpeed(Infinity);
    const came = await transfer.settled(SETTLED_MS);
    if (came !== 'gone') await transfer.judgeLiving();
  } finally {
    pair.limitSpeed(Infinity);
    await pair.node.kill();
    await disk.unmount();
    await run('sh', '-c', `e2fsck -fy '${disk.image}' >/dev/null || test $? -lt 4`);
    await disk.mount(pair.node.folders[held], 'errors=remount-ro');
  }
  await transfer.recover(await transfer.judgeRemains(transfer.promised()), { mayHaveFailed: true });
}

/** ext4 is told that it has met an error. */
async function failOnDisk(disk: Disk): Promise<void> {
  const trigger = `/sys/fs/ext4/${await disk.device()}/trigger_fs_error`;
  await writeFile(trigger, 'a test').catch((cause: unknown) => {
    throw new Unable(`ext4 cannot be told here that it failed: ${String(cause)}`);
  });
}
