import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MEBIBYTE } from '@ferry/test-nodes';
import type { Claim } from '../claims';
import { SEED } from '../mode';
import type { Pair } from '../pair';
import { Random } from '../random';
import { TransferUnderFault } from '../recovery';
import { type Defer, type FaultGroup, type Scenario, Unable } from '../scenario';
import { Disk, temporaryFolder } from '../system/disk';
import { run } from '../system/run';
import { pairOnDisk } from './power';

const ROUNDS = 20;
const IMAGES = 6;
/** Slow enough that all images are taken while the transfer runs or has just ended. */
const SPEED = 4 * MEBIBYTE;

interface Image {
  readonly file: string;
  /** What the node had said when the image was taken. */
  readonly promised: Claim;
}

/**
 * Images of the disk are taken while the node runs on it. Each is what a power cut at that moment would have left: the
 * file system in which the images lie copies a file at one point in time.
 */
export const POWER_IMAGES: FaultGroup = {
  name: 'images',
  title: 'the node starts on images of its ext4 disk that were taken while files came',
  share: 8,
  async open(defer) {
    const carrier = await carrierOf(defer);
    const disk = await Disk.create(defer, join(carrier, 'disk.img'), 'ext4');
    const pair = await pairOnDisk(defer, disk);
    return Array.from({ length: ROUNDS }, (_, index): Scenario => {
      const random = new Random(SEED * ROUNDS + index);
      return { name: `${IMAGES} images, round ${index + 1}`, run: () => round(defer, pair, disk, carrier, random) };
    });
  },
};

/** A folder whose file system can copy a file in one moment. */
async function carrierOf(defer: Defer): Promise<string> {
  const folder = await temporaryFolder(defer, 'images');
  const carrier = await Disk.create(defer, join(folder, 'carrier.img'), 'xfs', 2_048 * MEBIBYTE);
  const at = join(folder, 'carrier');
  await carrier.mount(at);
  await writeFile(join(at, 'one'), 'x');
  await copyAtOnce(join(at, 'one'), join(at, 'other')).catch(() => {
    throw new Unable('no file system here copies a file in one moment (reflink)');
  });
  return at;
}

function copyAtOnce(from: string, to: string): Promise<string> {
  return run('cp', '--reflink=always', from, to);
}

async function round(defer: Defer, pair: Pair, disk: Disk, carrier: string, random: Random): Promise<void> {
  const { folders } = pair.node;
  await pair.ready();
  const set = await pair.sets.next();
  pair.limitSpeed(SPEED);
  const transfer = await TransferUnderFault.begin(pair, set);
  const images: Image[] = [];
  for (let count = 0; count < IMAGES; count += 1) {
    await delay(random.between(0, 400)); // not a wait for anything: the moment of the image
    const image = { file: join(carrier, `image-${count}.img`), promised: transfer.promised() };
    await copyAtOnce(disk.image, image.file);
    images.push(image);
  }
  await pair.node.kill();
  pair.limitSpeed(Infinity);
  await disk.unmount();
  try {
    for (const image of images) await startOn(defer, pair, transfer, image);
  } finally {
    await pair.node.kill();
    for (const { file } of images) await rm(file, { force: true });
    await disk.mount(folders.root);
  }
  await transfer.recover(await transfer.judgeRemains());
}

async function startOn(defer: Defer, pair: Pair, transfer: TransferUnderFault, image: Image): Promise<void> {
  const disk = Disk.of(defer, image.file, 'ext4');
  await disk.mount(pair.node.folders.root);
  try {
    await transfer.recover(await transfer.judgeRemains(image.promised));
  } finally {
    await pair.node.kill();
    await disk.unmount();
  }
}
