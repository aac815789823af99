import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { blockLength, BLOCK_BYTES, type FileEntry, type Page, type Transfer } from '@ferry/protocol';
import { type Api, listTree, sha256sum } from '@ferry/test-nodes';
import type { Claim } from './claims';
import type { FileSet, FileSets, SetFile } from './file-set';

const STAGING = '.ferry-staging';
/** Names of what is not a finished file. */
const OWN = /^\.ferry-/;

/** Where the files of a set came from. */
type Sources = Pick<FileSets, 'sourceOf'>;

/** What the receiver's disk holds of a set, judged without any code of the node. */
export interface OnDisk {
  /** Files under their final names, each of them whole. */
  readonly published: readonly SetFile[];
  /** Bytes of those, and of the blocks in staging that are right. */
  readonly bytes: number;
}

/**
 * Invariant 2: whatever is visible of the set has a name of the set and its very content.
 * @throws Error that names what is not so.
 */
export async function inspectDisk(receivedDir: string, set: FileSet, sets: Sources): Promise<OnDisk> {
  const visible = (await listTree(receivedDir)).filter((path) => !OWN.test(path) && path.startsWith(`${set.folder}/`));
  const published: SetFile[] = [];
  for (const path of visible.filter((name) => !name.endsWith('/'))) {
    const file = set.files.find((one) => one.path === path);
    if (!file) throw new Error(`invariant 2: ${path} is no name of the set`);
    const sum = await sha256sum(join(receivedDir, path));
    if (sum !== file.sha256) throw new Error(`invariant 2: ${path} is visible with other content`);
    published.push(file);
  }
  const staged = await stagedBytes(
    receivedDir,
    set.files.filter((file) => !published.includes(file)),
    sets,
  );
  return { published, bytes: published.reduce((sum, { size }) => sum + size, staged) };
}

/** Invariant 8: nothing was said to be here that is not. @param when it was said. */
export function expectHonest(claim: Claim, disk: OnDisk, when: string): void {
  if (claim.filesDone > disk.published.length)
    throw new Error(
      `invariant 8: ${when} ${claim.filesDone} files were said to be complete, there are ${disk.published.length}`,
    );
  if (claim.verifiedBytes > disk.bytes)
    throw new Error(
      `invariant 8: ${when} ${claim.verifiedBytes} bytes were said to be verified, there are ${disk.bytes}`,
    );
}

/** Invariants 2 and 8 at the end: the whole set is there, once, and listed. */
export async function expectWhole(api: Api, receivedDir: string, set: FileSet, sets: Sources): Promise<void> {
  const disk = await inspectDisk(receivedDir, set, sets);
  const missing = set.files.filter((file) => !disk.published.includes(file)).map(({ path }) => path);
  if (missing.length > 0) throw new Error(`invariant 8: said to be complete, but not there: ${missing.join(', ')}`);
  const { items } = await api.get<Page<FileEntry>>(`/files?scope=received&limit=1000&q=${set.folder}`);
  for (const { path, size, sha256 } of set.files) {
    const entries = items.filter((entry) => entry.path === path);
    if (entries.length !== 1 || entries[0]?.size !== size) throw new Error(`${path} is listed ${entries.length} times`);
    if (typeof entries[0].sha256 === 'string' && entries[0].sha256 !== sha256)
      throw new Error(`invariant 8: ${path} is listed with another SHA-256`);
  }
}

/** Nothing is left over of what is complete. */
export async function expectNothingStaged(receivedDir: string): Promise<void> {
  const left = await readdir(join(receivedDir, STAGING));
  if (left.length > 0) throw new Error(`left in staging: ${left.join(', ')}`);
}

/** The transfer counts as whole what is whole. */
export function expectFigures({ files, verifiedBytes, doneBytes, totalBytes, id }: Transfer, set: FileSet): void {
  const wanted = { done: set.files.length, verifiedBytes: set.bytes, doneBytes: set.bytes, totalBytes: set.bytes };
  const told = { done: files.done, verifiedBytes, doneBytes, totalBytes };
  if (JSON.stringify(told) !== JSON.stringify(wanted))
    throw new Error(`transfer ${id} says ${JSON.stringify(told)}, not ${JSON.stringify(wanted)}`);
}

/** Bytes of staged blocks that equal those of their file; staged files are known by their size. */
async function stagedBytes(receivedDir: string, files: readonly SetFile[], sets: Sources): Promise<number> {
  const folder = join(receivedDir, STAGING);
  let bytes = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const part = join(folder, name);
    const { size } = await stat(part);
    const file = files.find((one) => one.size === size && size > 0);
    if (file) bytes += await equalBlocks(part, sets.sourceOf(file), size);
  }
  return bytes;
}

async function equalBlocks(part: string, source: string, size: number): Promise<number> {
  const [one, other] = [await open(part), await open(source)];
  try {
    let bytes = 0;
    const [a, b] = [Buffer.alloc(BLOCK_BYTES), Buffer.alloc(BLOCK_BYTES)];
    for (let index = 0; index * BLOCK_BYTES < size; index += 1) {
      const length = blockLength(index, size);
      await one.read(a, 0, length, index * BLOCK_BYTES);
      await other.read(b, 0, length, index * BLOCK_BYTES);
      if (a.subarray(0, length).equals(b.subarray(0, length))) bytes += length;
    }
    return bytes;
  } finally {
    await one.close();
    await other.close();
  }
}
