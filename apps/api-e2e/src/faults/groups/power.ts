import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeProcess } from '@ferry/test-nodes';
import { SEED } from '../mode';
import { Pair } from '../pair';
import { Random } from '../random';
import { TransferUnderFault } from '../recovery';
import type { Defer, FaultGroup, Scenario } from '../scenario';
import { Disk, type FileSystem, temporaryFolder } from '../system/disk';

const CUTS = 60;
const LATEST_MS = 600;

/** The receiver's folders, all of them, on a disk of their own. */
export async function pairOnDisk(defer: Defer, disk: Disk): Promise<Pair> {
  return Pair.open(defer, { prepare: (node) => mountUnder(disk, node) });
}

async function mountUnder(disk: Disk, { folders }: NodeProcess): Promise<void> {
  await disk.mount(folders.root);
  for (const folder of [folders.shared, folders.received]) await mkdir(folder);
}

/** The power fails while files come: what had not reached the device is gone, and the journal is replayed. */
function powerCuts(fileSystem: FileSystem, share: number): FaultGroup {
  return {
    name: fileSystem,
    title: `power cuts while ${fileSystem} holds data and received files`,
    share,
    async open(defer) {
      const folder = await temporaryFolder(defer, 'power');
      const disk = await Disk.create(defer, join(folder, 'disk.img'), fileSystem);
      const pair = await pairOnDisk(defer, disk);
      return Array.from({ length: CUTS }, (_, index): Scenario => {
        const random = new Random(SEED * CUTS + index);
        return { name: `cut ${index + 1}`, run: () => cutDuring(pair, disk, random) };
      });
    },
  };
}

async function cutDuring(pair: Pair, disk: Disk, random: Random): Promise<void> {
  const { folders } = pair.node;
  await pair.ready();
  const transfer = await TransferUnderFault.begin(pair, await pair.sets.next());
  await delay(random.between(0, LATEST_MS)); // not a wait for anything: the moment of the cut
  const promised = transfer.promised();
  await disk.cutPower();
  await pair.node.kill();
  await disk.unmount();
  await disk.mount(folders.root);
  await transfer.recover(await transfer.judgeRemains(promised));
}

export const EXT4_POWER_CUTS = powerCuts('ext4', 6);
export const XFS_POWER_CUTS = powerCuts('xfs', 4);
