import { randomBytes } from 'node:crypto';
import { appendFile, open, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOCK_BYTES, FrameType, PATTERNS, type Transfer } from '@ferry/protocol';
import { untilState } from '@ferry/test-nodes';
import { OfferedFile } from '../../support/offered-file';
import { dataFrame, errorFrame, requestFrame, responseFrame } from '../../support/raw-frame';
import { messageOf, type RawWire } from '../../support/raw-wire';
import { servesFiles } from '../../support/serve-files';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { expectAlive } from '../verdicts';
import { inForms } from './forms';
import { onPairedWire, type PairedAttacker } from './paired-wire';
import { acceptsTampered, expectNotReceived, MANIFEST, untilFailed } from './receiving';
import { askFor, contentOn, sharedFile } from './shared-file';

const MIB = 1_048_576;
const SIZES = [0, 1, 8_191, 8_192, 8_193, 16_384, MIB - 1, MIB, MIB + 1];
/** So large that most of it is not read yet when the first bytes have come. */
const LARGE = 16 * MIB;

function serves(wire: RawWire, files: readonly OfferedFile[]): void {
  for (const [pattern, answer] of Object.entries(servesFiles(files))) wire.answers.set(pattern, answer);
}

/** Hashes that are right for the content, under the file id of another one. */
async function otherFileId(ground: Ground, attacker: PairedAttacker, file: OfferedFile): Promise<Transfer> {
  const reads: unknown[] = [];
  const transferId = await acceptsTampered(ground, attacker, file, {
    [PATTERNS.fileRead]: (wire, stream, data) => {
      reads.push(data);
      servesFiles([file])[PATTERNS.fileRead]?.(wire, stream, data);
    },
  });
  const failed = await untilFailed(ground, transferId);
  expect(reads).toEqual([]); // the hashes alone show it
  return failed;
}

/** Changes a file while it is being read. */
const CHANGES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'it grows': (path) => appendFile(path, randomBytes(MIB)),
  'it is cut': (path) => truncate(path, LARGE / 2),
  'it is emptied': (path) => truncate(path, 0),
  'it is written over': async (path) => {
    const file = await open(path, 'r+');
    await file.write(randomBytes(LARGE));
    await file.close();
  },
  'it is replaced': async (path) => {
    await writeFile(`${path}.new`, randomBytes(LARGE));
    await rename(`${path}.new`, path);
  },
};

/** The node has the file: who reads it gets what it was, or an error; never a mix that passes for a whole. */
async function changedWhileServed(ground: Ground, { wire }: PairedAttacker, how: string, role: Role): Promise<void> {
  const { fileId, path } = await sharedFile(ground, `w118-${role}-${how.replaceAll(' ', '-')}.bin`, LARGE);
  const before = await readFile(path);
  const stream = askFor(wire, fileId, [[0, 16]]);
  await wire.frame(({ header }) => header.stream === stream, 'the first bytes');
  wire.tls.pause();
  await CHANGES[how]?.(path);
  wire.tls.resume();
  const answer = await wire.answerOn(stream);
  const content = contentOn(wire, stream);
  if (answer.header.type === FrameType.ERROR) {
    expect(messageOf(answer)).toMatchObject({ name: 'FILE_CHANGED' });
  } else {
    const whole = Buffer.concat([...content.values()]);
    expect(whole.equals(before)).toBe(true);
  }
  await expectAlive(wire);
}

type Lie = (wire: RawWire, stream: number, file: OfferedFile) => void;

/** The attacker has the file, and it changes while the node pulls it. */
const LIES: readonly (readonly [code: string, lie: Lie])[] = [
  ['file-changed', (wire, stream) => wire.send(errorFrame(stream, 9, 'FILE_CHANGED', 'it changed'))],
  [
    'hash-mismatch',
    (wire, stream, file) => {
      const other = new OfferedFile('x', 'x.bin', Buffer.alloc(MIB + 100, 9));
      const payloads = [...file.block(0), ...other.block(1)];
      wire.send(...payloads.map((payload) => dataFrame(stream, payload)), responseFrame(stream, {}));
    },
  ],
];

/** Whole files, right and wrong. */
export const FILE_ROWS: readonly HostileCase[] = [
  ...onPairedWire('W114', 'E', 'every block has its hash, the file does not', async (ground, attacker, role) => {
    const content = randomBytes(2 * MIB);
    const right = new OfferedFile('w114', `w114-${role}.bin`, content);
    const { fileId } = new OfferedFile('x', 'x', randomBytes(2 * MIB));
    const file = new OfferedFile(right.id, right.path, content, undefined, { fileId });
    expect((await otherFileId(ground, attacker, file)).error).toMatchObject({ code: 'hash-mismatch' });
    await expectNotReceived(ground, file);
    await expectAlive(attacker.wire);
  }),

  ...onPairedWire('W116', 'OK', `files of ${SIZES.join(', ')} bytes, both ways`, async (ground, attacker, role) => {
    const { wire, deviceId } = attacker;
    const { api, folders } = ground.node;
    ground.field.expectPath(/^received\/w116/);
    const contents = SIZES.map((size) => randomBytes(size));
    const files = contents.map((content, index) => new OfferedFile(`${index}`, `w116-${role}-${index}.bin`, content));
    serves(wire, files);
    const { id } = await api.pull(
      deviceId,
      files.map((file) => file.id),
    );
    await untilState(api, id, 'complete');
    for (const { path, content } of files)
      expect((await readFile(join(folders.received, path))).equals(content)).toBe(true);

    for (const size of SIZES.slice(1)) {
      const shared = await sharedFile(ground, `w116-${role}-${size}.bin`, size);
      const stream = askFor(wire, shared.fileId, [[0, Math.ceil(size / BLOCK_BYTES)]]);
      expect({ size, answer: messageOf(await wire.answerOn(stream)) }).toEqual({ size, answer: {} });
      const whole = Buffer.concat([...contentOn(wire, stream).values()]);
      expect(whole.equals(await readFile(shared.path))).toBe(true);
    }
  }),

  ...inForms(
    'W118',
    'E',
    `the source changes while it is read (${Object.keys(CHANGES).join(', ')})`,
    [...Object.keys(CHANGES), ...LIES],
    async (ground, attacker, form, role) => {
      if (typeof form === 'string') return changedWhileServed(ground, attacker, form, role);
      const [code, lie] = form;
      const file = new OfferedFile('w118', `w118-${role}-${code}.bin`, randomBytes(MIB + 100));
      const transferId = await acceptsTampered(ground, attacker, file, {
        [PATTERNS.fileRead]: (wire, stream) => lie(wire, stream, file),
      });
      expect((await untilFailed(ground, transferId)).error).toMatchObject({ code });
      await expectNotReceived(ground, file);
    },
  ),

  ...onPairedWire(
    'W124',
    'I',
    'hash functions by name: ignored, all hashes are checked',
    async (ground, attacker, role) => {
      const { wire } = attacker;
      const shared = await sharedFile(ground, `w124-${role}.bin`, MIB + 5);
      for (const hash of ['none', 'md5', 'crc32']) {
        const stream = askFor(wire, shared.fileId, [[1, 1]], { hash });
        expect((await wire.answerOn(stream)).header.type).toBe(FrameType.RESPONSE);
        const asked = wire.newStream();
        const request = { entryId: shared.id, firstBlock: 0, blockCount: 2, hash };
        wire.send(requestFrame(asked, PATTERNS.fileManifest, request));
        expect(messageOf(await wire.answerOn(asked))).toMatchObject({ fileId: shared.fileId });
      }
      const file = new OfferedFile(
        'w124',
        `w124-${role}-lie.bin`,
        randomBytes(MIB),
        (block) => void block.fill(1, 0, 10),
      );
      const transferId = await acceptsTampered(ground, attacker, file, {
        [MANIFEST]: (one, stream, data) => {
          const { firstBlock, blockCount } = data as { firstBlock: number; blockCount: number };
          one.send(...file.manifest(firstBlock, blockCount).map((payload) => dataFrame(stream, payload)));
          one.send(responseFrame(stream, { ...file.head, hash: 'none', verify: false }));
        },
      });
      expect((await untilFailed(ground, transferId)).error).toMatchObject({ code: 'hash-mismatch' });
      await expectNotReceived(ground, file);
    },
  ),
];
