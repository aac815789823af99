import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry, FileManifestHead, Page } from '@ferry/protocol';
import { untilState } from '@ferry/test-nodes';
import { OfferedFile } from '../../support/offered-file';
import { dataFrame, responseFrame } from '../../support/raw-frame';
import type { Answer } from '../../support/raw-wire';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { expectAlive, expectClosed, mark } from '../verdicts';
import { inForms } from './forms';
import { claimsOf, offered, onePage, smallFile } from './offering';
import { onPairedWire, type PairedAttacker, pairedAttacker } from './paired-wire';
import { acceptsTampered, expectNotReceived, MANIFEST, untilFailed } from './receiving';

const MIB = 1_048_576;
const twoBlocks = (role: Role, id: string) => new OfferedFile(id, `${id}-${role}.bin`, Buffer.alloc(2 * MIB, 7));

/** Answers the manifest with a head that says something else. */
const headSays =
  (file: OfferedFile, head: Partial<FileManifestHead>): Answer =>
  (wire, stream) =>
    wire.send(responseFrame(stream, { ...file.head, ...head }));

/** A head that contradicts itself: this file fails, and others may go on. */
async function expectHeadRefused(
  ground: Ground,
  attacker: PairedAttacker,
  file: OfferedFile,
  head: Partial<FileManifestHead>,
): Promise<void> {
  const transferId = await acceptsTampered(ground, attacker, file, { [MANIFEST]: headSays(file, head) });
  expect((await untilFailed(ground, transferId)).error).toMatchObject({ code: 'peer-refused' });
  await expectNotReceived(ground, file);
  await expectAlive(attacker.wire);
}

/** Hashes that nobody asked for. */
async function expectHashesRefused(
  ground: Ground,
  attacker: PairedAttacker,
  file: OfferedFile,
  answer: Answer,
): Promise<void> {
  const { id } = await offered(ground, attacker, claimsOf([file.entry]), onePage([file.entry]), [file]);
  attacker.wire.answers.set(MANIFEST, answer);
  const from = mark(attacker.wire);
  await ground.node.api.acceptOffer(id);
  await expectClosed(attacker.wire, ['UNEXPECTED_MESSAGE', 'MALFORMED_MESSAGE'], from);
  await expectNotReceived(ground, file);
}

/** One hash too many in the answer to a request for all. */
const hashTooMany =
  (file: OfferedFile): Answer =>
  (wire, stream, data) => {
    const { blockCount } = data as { blockCount: number };
    const [payload] = file.manifest(0, 2);
    if (blockCount > 0 && payload) wire.send(dataFrame(stream, payload), dataFrame(stream, payload));
    wire.send(responseFrame(stream, file.head));
  };

/** An answer to a request of the head alone that brings hashes as well. */
const hashesUnasked =
  (file: OfferedFile): Answer =>
  (wire, stream) => {
    for (const payload of file.manifest(0, 2)) wire.send(dataFrame(stream, payload));
    wire.send(responseFrame(stream, { ...file.head, size: 0, blockCount: 0 }));
  };

const WRONG_KINDS = ['symlink', 'hardlink', 'device', 'fifo', 'folder', '', 0, null];

/** Well-formed times that no file can have, and what they become. */
const TIMES: readonly (readonly [said: string, shown: string])[] = [
  ['1601-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ['-000001-12-31T23:59:59Z', '1970-01-01T00:00:00.000Z'],
  ['1969-12-31T23:59:59Z', '1970-01-01T00:00:00.000Z'],
  ['+275760-09-13T00:00:00Z', '9999-12-31T23:59:59.999Z'],
];
const NO_TIMES = [
  -1,
  '1e20',
  null,
  'NaN',
  '',
  '2024',
  '2024-13-45T99:99:99Z',
  `2024-01-01T00:00:00${'0'.repeat(60_000)}Z`,
];

const MEDIA_TYPES = [
  'text/html\r\nX-Injected: y',
  `text/${'h'.repeat(50_000)}`,
  '',
  '../..',
  'text/html; charset=utf-8',
];

/** Has the node look at the list of an offer whose only entry is no entry. */
async function expectListRefused(ground: Ground, attacker: PairedAttacker, entry: object): Promise<void> {
  const { id } = await offered(ground, attacker, { count: 1, bytes: 10 }, onePage([entry]));
  const from = mark(attacker.wire);
  const [{ status }] = await Promise.all([
    ground.node.api.call('POST', `/offers/${id}/accept`, {}),
    expectClosed(attacker.wire, 'MALFORMED_MESSAGE', from),
  ]);
  expect(status).toBe(502);
}

/** What is said about a single file. */
export const ENTRY_ROWS: readonly HostileCase[] = [
  ...onPairedWire('W092', 'E', 'size 0 with blocks, a size without blocks', async (ground, attacker, role) => {
    const empty = new OfferedFile('w092', `w092-${role}-empty.bin`, Buffer.alloc(0));
    await expectHeadRefused(ground, attacker, empty, { blockCount: 1 });
    await expectHeadRefused(ground, attacker, twoBlocks(role, 'w092'), { blockCount: 0 });
  }),

  ...onPairedWire(
    'W093',
    'E',
    'a number of blocks, or of hashes, that is not that of the size',
    async (ground, attacker, role) => {
      const file = twoBlocks(role, 'w093');
      for (const blockCount of [1, 3, 4_194_304]) await expectHeadRefused(ground, attacker, file, { blockCount });
      await expectHeadRefused(ground, attacker, file, { size: 2 * MIB + 1 });
      await expectHashesRefused(ground, attacker, file, hashTooMany(file));
      await expectHashesRefused(ground, await pairedAttacker(ground, role), file, hashesUnasked(file));
    },
  ),

  ...inForms(
    'W098',
    'K',
    'links, devices and kinds that there are not',
    WRONG_KINDS,
    async (ground, attacker, kind) => {
      await expectListRefused(ground, attacker, { ...smallFile('w098.bin').entry, size: 10, kind });
    },
  ),

  ...onPairedWire(
    'W099',
    'OK',
    'times before 1970 and behind 9999: clamped; what is no time is refused',
    async (ground, attacker, role) => {
      ground.field.expectPath(/^received\/w099/);
      const files = TIMES.map(([modifiedAt], index) => {
        const content = Buffer.from('time');
        return new OfferedFile(`w099-${index}`, `w099-${role}-${index}.bin`, content, undefined, { modifiedAt });
      });
      const entries = files.map(({ entry }) => entry);
      const { id } = await offered(ground, attacker, claimsOf(entries), onePage(entries), files);
      const { items } = await ground.node.api.offerFiles(id);
      expect(items.map(({ modifiedAt }) => modifiedAt)).toEqual(TIMES.map(([, shown]) => shown));
      const { transferId = '' } = await ground.node.api.acceptOffer(id);
      await untilState(ground.node.api, transferId, 'complete');
      for (const { path } of files) {
        const { mtimeMs } = await stat(join(ground.node.folders.received, path));
        expect(mtimeMs).toBeGreaterThanOrEqual(0);
        expect(mtimeMs).toBeLessThan(Date.UTC(10_000, 0));
      }
      for (const modifiedAt of NO_TIMES) {
        const other = await pairedAttacker(ground, role);
        await expectListRefused(ground, other, { ...smallFile('w099.bin').entry, size: 10, modifiedAt });
      }
    },
  ),

  ...onPairedWire('W100', 'OK', 'modes 04777 and 0: never set', async (ground, attacker, role) => {
    ground.field.expectPath(/^received\/w100/);
    const files = [0o4777, 0].map((mode) => ({ mode, file: smallFile(`w100-${role}-${mode}.bin`) }));
    const entries = files.map(({ mode, file }) => ({ ...file.entry, mode, permissions: mode }));
    const { id } = await offered(
      ground,
      attacker,
      claimsOf(entries),
      onePage(entries),
      files.map(({ file }) => file),
    );
    const { transferId = '' } = await ground.node.api.acceptOffer(id);
    await untilState(ground.node.api, transferId, 'complete');
    for (const { file } of files) {
      const { mode } = await stat(join(ground.node.folders.received, file.path));
      expect((mode & 0o7777).toString(8)).toBe('644');
    }
  }),

  ...onPairedWire('W103', 'OK', 'media types with line breaks, of 50 KiB, and none', async (ground, attacker, role) => {
    ground.field.expectPath(/^received\/w103/);
    const files = MEDIA_TYPES.map((mediaType, index) => {
      const content = Buffer.from('<script>alert(1)</script>');
      return new OfferedFile(`w103-${index}`, `w103-${role}-${index}.txt`, content, undefined, { mediaType });
    });
    const entries = files.map(({ entry }) => entry);
    const { api } = ground.node;
    const { id } = await offered(ground, attacker, claimsOf(entries), onePage(entries), files);
    const { items } = await api.offerFiles(id);
    expect(new Set(items.map(({ mediaType }) => mediaType))).toEqual(new Set(['application/octet-stream']));
    const { transferId = '' } = await api.acceptOffer(id);
    await untilState(api, transferId, 'complete');
    const received = await api.get<Page<FileEntry>>(`/files?scope=received&q=w103-${role}&limit=100`);
    expect(received.items.map(({ mediaType }) => mediaType)).toEqual(MEDIA_TYPES.map(() => 'text/plain'));
  }),
];
