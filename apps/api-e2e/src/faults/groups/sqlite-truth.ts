import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry, Page } from '@ferry/protocol';
import { untilTransfer } from '@ferry/test-nodes';
import { inspectDisk } from '../oracle';
import type { Pair } from '../pair';
import type { TransferUnderFault } from '../recovery';
import { run } from '../system/run';

const STATE_FILES = ['ferry.sqlite', 'ferry.sqlite-wal', 'ferry.sqlite-mark'];
/** What the one line has to name: a file and a way out. */
const FILES = /ferry\.sqlite(-wal|-mark)?|identity\.key/;
const REMEDIES = /Put (it|back)|Restore it/;
const STACK = /\n\s+at /;

export interface Damaged {
  readonly pair: Pair;
  readonly transfer: TransferUnderFault;
  readonly identity: string;
  readonly name: string;
}

/** The node starts and nothing is wrong, or it refuses well, each of its remedies works, and nothing is wrong then. @returns which. */
export async function expectTruth(damaged: Damaged): Promise<'refused' | 'started'> {
  const { pair, transfer } = damaged;
  let words: string | undefined;
  const id = await pair.whileSenderIsSilent(async () => {
    words = await refusal(pair);
    if (words !== undefined) await expectHelpful(damaged, words);
    return expectSound(damaged);
  });
  const done = await untilTransfer(pair.api, id, ({ state }) => state === 'complete');
  await transfer.judgeEnd(done);
  return words === undefined ? 'started' : 'refused';
}

/** Leaves the node running on what its user has put back. */
async function expectHelpful(damaged: Damaged, words: string): Promise<void> {
  const { pair } = damaged;
  expectClear(words);
  const again = await refusal(pair);
  if (again === undefined) throw new Error(`refused once, and started then: ${words}`);
  expectClear(again);
  if (words.includes('backup/ferry.sqlite')) await expectBackupHelps(damaged);
  if (words.includes('delete ferry.sqlite-mark')) await expectGoingOnHelps(damaged);
  await putBack(pair);
  await pair.node.start();
}

/** @returns what the node says when it does not start; nothing when it runs. */
async function refusal({ node }: Pair): Promise<string | undefined> {
  try {
    await node.start();
    return undefined;
  } catch (error) {
    if (node.isRunning) throw error;
    return node.process.output.stderr;
  }
}

function expectClear(words: string): void {
  if (!FILES.test(words) || !REMEDIES.test(words) || STACK.test(words) || words.trim().includes('\n'))
    throw new Error(`not one line with a file and a remedy: ${words}`);
}

/** Same device, same trust, and no more said to be complete than is there. @returns the transfer. */
async function expectSound({ pair, transfer, identity }: Damaged): Promise<string> {
  await expectKnown(pair, identity);
  const found = await pair.transfer();
  if (!found) throw new Error('invariant 8: the transfer is forgotten');
  await transfer.expectTrue(found);
  return found.id;
}

/** As on the day of the copy: this device, paired with the other; what was received since is there, as files. */
async function expectBackupHelps({ pair, transfer, identity }: Damaged): Promise<void> {
  const { data } = pair.node.folders;
  const before = await saved(pair);
  const aside = join(data, '..', 'aside');
  await mkdir(aside);
  for (const file of STATE_FILES) await rename(join(data, file), join(aside, file)).catch(() => undefined);
  await cp(join(data, 'backup/ferry.sqlite'), join(data, 'ferry.sqlite'));
  await pair.node.start();
  await expectKnown(pair, identity);
  await inspectDisk(pair.node.folders.received, transfer.set, pair.sets);
  await pair.node.kill();
  await rm(aside, { recursive: true });
  await before.restore();
}

/** As when the log was last moved into the file: the same device; no worse than what it says. */
async function expectGoingOnHelps({ pair, transfer, identity, name }: Damaged): Promise<void> {
  const before = await saved(pair);
  await rm(join(pair.node.folders.data, 'ferry.sqlite-mark'));
  await pair.node.start();
  const { device } = await pair.api.status();
  if (device.id !== identity) throw new Error(`${name}: another device after deleting the mark`);
  const { published } = await inspectDisk(pair.node.folders.received, transfer.set, pair.sets);
  const { items } = await pair.api.get<Page<FileEntry>>(`/files?scope=received&limit=1000&q=${transfer.set.folder}`);
  const unlisted = published.filter(({ path }) => !items.some((entry) => entry.path === path));
  if (unlisted.length > 0) throw new Error(`not listed after deleting the mark: ${unlisted[0]?.path}`);
  await pair.node.kill();
  await before.restore();
}

async function expectKnown({ api, senderId }: Pair, identity: string): Promise<void> {
  const { device } = await api.status();
  if (device.id !== identity) throw new Error('another device than before');
  const peer = await api.peer(senderId);
  if (!peer.paired) throw new Error('the pairing is lost');
}

/** The damaged state, for the next remedy. Received files keep their inodes, by which the node knows them. */
async function saved({ node }: Pair): Promise<{ restore(): Promise<void> }> {
  const { data, received } = node.folders;
  await run('cp', '-a', data, `${data}-damaged`);
  await run('cp', '-al', received, `${received}-damaged`);
  return {
    restore: async () => {
      for (const folder of [data, received]) {
        await rm(folder, { recursive: true });
        await rename(`${folder}-damaged`, folder);
      }
    },
  };
}

/** What a user with a backup of the whole folder does. */
async function putBack({ node }: Pair): Promise<void> {
  const { data } = node.folders;
  await rm(data, { recursive: true });
  await cp(`${data}-sound`, data, { recursive: true });
}
