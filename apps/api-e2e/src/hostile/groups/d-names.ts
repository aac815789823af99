import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeControl,
  encodeControl,
  FrameType,
  parseRemoteEntry,
  PATTERNS,
  type TransferFile,
} from '@ferry/protocol';
import { listTree, listVisible, untilTransfer } from '@ferry/test-nodes';
import { OfferedFile } from '../../support/offered-file';
import { rawFrame } from '../../support/raw-frame';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { IS_FULL } from '../mode';
import { expectClosed, mark } from '../verdicts';
import { type HostileName, NAME_SETS, NAMES, outcomeFault, RAW_NAMES } from './hostile-names';
import { claimsOf, lists, makeOffer, offered, offersOf, onePage, smallFile } from './offering';
import { onPairedWire, type PairedAttacker, pairedAttacker } from './paired-wire';

/** Entries that one transfer holds; each alone in the long run. */
const BATCH = IS_FULL ? 1 : 64;
const LONG_BYTES = 200;

/** A file under this very path; its content tells which one it is. */
function fileUnder(id: string, path: string): OfferedFile {
  const name = path.slice(path.lastIndexOf('/') + 1).slice(0, 512) || 'x';
  return new OfferedFile(`${id}-${randomUUID()}`, path, Buffer.from(`${id} ${randomUUID()}`), undefined, { name });
}

/** Whether the message can carry the path at all. */
function isSendable(file: OfferedFile): boolean {
  try {
    parseRemoteEntry(decodeControl(encodeControl(file.entry)));
    return true;
  } catch {
    return false;
  }
}

/** Offers the files and accepts all of them. @returns what became of each, by entry id. */
async function receive(
  ground: Ground,
  attacker: PairedAttacker,
  files: readonly OfferedFile[],
): Promise<ReadonlyMap<string, TransferFile>> {
  const { api } = ground.node;
  const good = smallFile(`good-${randomUUID()}.txt`); // so that there is always something to accept
  const all = [good, ...files];
  const entries = all.map(({ entry }) => entry);
  const { id } = await offered(ground, attacker, claimsOf(entries), onePage(entries), all);
  const { transferId = '' } = await api.acceptOffer(id);
  await untilTransfer(api, transferId, ({ state }) => state === 'complete' || state === 'failed');
  const { items } = await api.get<{ items: TransferFile[] }>(`/transfers/${transferId}/files?limit=1000`);
  return new Map(items.map((item) => [item.entryId, item]));
}

/** Received files are just the published ones, each with its own content, and can go. */
async function expectOnlyPublished(
  ground: Ground,
  before: readonly string[],
  files: readonly OfferedFile[],
  results: ReadonlyMap<string, TransferFile>,
): Promise<void> {
  const { received } = ground.node.folders;
  const published = [...results.values()].flatMap(({ publishedPath }) => publishedPath ?? []);
  const appeared = (await listTree(received)).filter((path) => !path.endsWith('/') && !before.includes(path));
  const visible = appeared.filter((path) => !path.startsWith('.ferry-staging/'));
  expect(visible.map((path) => path.normalize('NFC')).sort()).toEqual([...published].sort());
  for (const { id, content } of files) {
    const path = results.get(id)?.publishedPath;
    if (path !== undefined) expect((await readFile(join(received, path))).equals(content)).toBe(true);
  }
  const tops = new Set(visible.map((path) => path.slice(0, `${path}/`.indexOf('/'))));
  for (const top of tops) await rm(join(received, top), { recursive: true });
}

/** Sends what no message can carry: the session ends, and nothing is created. */
async function expectUnsendable(ground: Ground, role: Role, page: Uint8Array): Promise<void> {
  const attacker = await pairedAttacker(ground, role);
  const { wire, deviceId } = attacker;
  lists(wire, onePage([]));
  wire.answers.set(PATTERNS.offerFiles, (_wire, stream) =>
    wire.send(rawFrame({ type: FrameType.RESPONSE, flags: 1, stream }, page)),
  );
  await makeOffer(wire, { count: 1, bytes: 10 });
  const [offer] = await offersOf(ground, deviceId);
  const from = mark(wire);
  const accepted = ground.node.api.call('POST', `/offers/${offer?.id}/accept`, {});
  await expectClosed(wire, ['MALFORMED_MESSAGE', 'FRAME_TOO_LARGE'], from);
  expect((await accepted).status).toBeGreaterThanOrEqual(400);
}

/** A page with one entry whose path holds these very bytes. */
function pageWithBytes(bytes: Uint8Array): Uint8Array {
  const marker = 'PATH-BYTES';
  const entry = { ...smallFile('w096.bin').entry, path: marker };
  const [head = '', tail = ''] = JSON.stringify({ entries: [entry], nextCursor: null }).split(marker);
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from(tail)]);
}

/** Long names alone: a number behind one of them would cut it. */
function batches<Named extends { readonly file: OfferedFile }>(all: readonly Named[]): Named[][] {
  const isLong = ({ file }: Named) => Buffer.byteLength(file.path) > LONG_BYTES;
  const short = all.filter((each) => !isLong(each));
  const starts = Array.from({ length: Math.ceil(short.length / BATCH) }, (_, index) => index * BATCH);
  return [...starts.map((start) => short.slice(start, start + BATCH)), ...all.filter(isLong).map((each) => [each])];
}

async function eachName(ground: Ground, attacker: PairedAttacker, role: Role): Promise<void> {
  const all = NAMES.map((name) => ({ name, file: fileUnder(name.id, name.name) }));
  const sendable = all.filter(({ file }) => isSendable(file));
  for (const batch of batches(sendable)) {
    const files = batch.map(({ file }) => file);
    const before = await listTree(ground.node.folders.received);
    const results = await receive(ground, attacker, files);
    const faults = batch.flatMap(({ name, file }) => outcomeFault(name, results.get(file.id)) ?? []);
    expect(faults).toEqual([]);
    await expectOnlyPublished(ground, before, files, results);
  }
  for (const { name, file } of all.filter((each) => !sendable.includes(each))) {
    expect(name.expect).toBe('reject'); // or else nobody could send what must be let in
    await expectUnsendable(ground, role, pageWithBytes(Buffer.from(JSON.stringify(file.path).slice(1, -1))));
  }
  for (const { hex } of RAW_NAMES) {
    await expectUnsendable(ground, role, pageWithBytes(Buffer.from(hex, 'hex')));
  }
}

/** All of a set are received, each under a name of its own and with its own content, or are refused for their names. */
async function expectApart(
  ground: Ground,
  attacker: PairedAttacker,
  set: HostileName & { names: string[] },
): Promise<void> {
  const files = set.names.map((path) => fileUnder(set.id, path));
  const before = await listTree(ground.node.folders.received);
  const results = await receive(ground, attacker, files);
  const paths = files.flatMap(({ id }) => results.get(id)?.publishedPath ?? []);
  expect(new Set(paths.map((path) => path.normalize('NFC'))).size).toBe(paths.length);
  const refused = [...results.values()].filter(({ state }) => state === 'failed').map(({ error }) => error?.code);
  if (set.expect === 'collide') expect(refused.filter((code) => code !== 'unsafe-path')).toEqual([]);
  expect(paths.length).toBeGreaterThan(set.expect === 'collide' ? 1 : 0);
  await expectOnlyPublished(ground, before, files, results);
}

/** A link in the received folder that leads out of it, then files of its name and below it. */
async function expectLinkKept(ground: Ground, attacker: PairedAttacker, role: Role): Promise<void> {
  const { received, root } = ground.node.folders;
  const outside = join(root, `outside-${role}`);
  const link = `link-${role}`;
  ground.field.expectPath(new RegExp(`^outside-${role}/$`));
  await mkdir(outside);
  await symlink(outside, join(received, link));
  const before = await listTree(received);
  const files = [link, `${link}/below.txt`].map((path) => fileUnder('N277', path));
  const results = await receive(ground, attacker, files);
  expect(await listVisible(outside)).toEqual([]);
  await expectOnlyPublished(ground, before, files, results);
  await rm(join(received, link));
  await rm(outside, { recursive: true });
}

/** Every name and set of names that the project counts, as files of an offer that is accepted. */
export const NAME_ROWS: readonly HostileCase[] = [
  ...onPairedWire('W096', 'E', 'each entry of names.json as a file of an offer', eachName),
  ...onPairedWire('W097', 'E', 'each collision set of names.json as one offer', async (ground, attacker, role) => {
    for (const set of NAME_SETS) await expectApart(ground, attacker, set);
    await expectLinkKept(ground, attacker, role);
  }),
].map((row) => ({ ...row, alone: true })); // the received folder must be their own
