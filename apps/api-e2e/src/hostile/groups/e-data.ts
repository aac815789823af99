import { randomBytes } from 'node:crypto';
import { DATA_PREFIX_BYTES, encodeChunkPrefix, PATTERNS, type ProtocolErrorCode } from '@ferry/protocol';
import { OfferedFile } from '../../support/offered-file';
import { dataFrame, responseFrame } from '../../support/raw-frame';
import { servesFiles } from '../../support/serve-files';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { expectClosed, expectErrorReply, mark } from '../verdicts';
import { type PairedAttacker, pairedAttacker } from './paired-wire';
import { expectNotReceived } from './receiving';
import { askFor, sharedFile } from './shared-file';

const MIB = 1_048_576;
const CHUNK = 8_192;
/** Three blocks; the last has one short chunk. */
const SIZE = 2 * MIB + 100;

/** A DATA payload of `file.read` with `length` bytes behind a prefix that says what it likes. */
function chunks(block: number, firstChunk: number, chunkCount: number, length: number): Uint8Array {
  const payload = new Uint8Array(DATA_PREFIX_BYTES + length);
  encodeChunkPrefix({ block, firstChunk, chunkCount }, payload);
  return payload;
}

interface DataAttack {
  readonly id: string;
  readonly title: string;
  /** What the attacker sends in place of the content; one session for each. */
  readonly data: readonly (readonly Uint8Array[])[];
  readonly codes: readonly ProtocolErrorCode[];
  /** Ranges that it asks the node for itself: each is refused, and the session goes on. */
  readonly asks?: readonly (readonly [ranges: unknown, code: ProtocolErrorCode])[];
}

const DATA_ATTACKS: readonly DataAttack[] = [
  {
    id: 'W106',
    title: 'places before, beyond and beside the content; requests for such are refused',
    data: [
      [chunks(0xffff_ffff, 0, 1, CHUNK)],
      [chunks(3, 0, 1, 100)],
      [chunks(0, 1, 1, CHUNK)],
      [chunks(0, 0, 1, CHUNK), chunks(0, 2, 1, CHUNK)],
    ],
    codes: ['UNEXPECTED_MESSAGE'],
    asks: [
      [[[-1, 1]], 'MALFORMED_MESSAGE'],
      [[[0.5, 1]], 'MALFORMED_MESSAGE'],
      [[[3, 1]], 'INVALID_RANGE'],
      [[[4_194_304, 1]], 'MALFORMED_MESSAGE'],
    ],
  },
  {
    id: 'W109',
    title: 'more or fewer bytes than the prefix means: 8,193, 32,768, 65,535',
    data: [
      [chunks(0, 0, 1, 8_193)],
      [chunks(0, 0, 1, 32_768)],
      [chunks(0, 0, 8, 65_535)],
      [chunks(0, 0, 9, 65_536)],
      [chunks(0, 0, 33, 33 * CHUNK - CHUNK)],
    ],
    codes: ['UNEXPECTED_MESSAGE', 'MALFORMED_MESSAGE'],
  },
  {
    id: 'W110',
    title: 'blocks and chunks that there are not; requests for such are refused',
    data: [
      [chunks(3, 0, 1, CHUNK)],
      [chunks(0, 128, 1, CHUNK)],
      [chunks(0, 127, 2, 2 * CHUNK)],
      [chunks(0, 0xffff, 1, 1)],
    ],
    codes: ['UNEXPECTED_MESSAGE', 'MALFORMED_MESSAGE'],
    asks: [
      [[[2, 2]], 'INVALID_RANGE'],
      [[[3, 1]], 'INVALID_RANGE'],
    ],
  },
  {
    id: 'W111',
    title: 'one chunk 1,000 times',
    data: [Array<Uint8Array>(1_000).fill(chunks(0, 0, 1, CHUNK))],
    codes: ['UNEXPECTED_MESSAGE'],
  },
  {
    id: 'W115',
    title: 'the last chunk one byte short, one byte long',
    data: [[chunks(2, 0, 1, 99)], [chunks(2, 0, 1, 101)]],
    codes: ['UNEXPECTED_MESSAGE'],
  },
  {
    id: 'W117',
    title: 'more bytes than the file has',
    data: [
      [chunks(2, 0, 1, 100), chunks(2, 1, 1, 1)],
      [chunks(2, 0, 2, CHUNK + 1)],
      [chunks(2, 0, 1, 100), chunks(2, 0, 1, 100)],
    ],
    codes: ['UNEXPECTED_MESSAGE'],
  },
];

/** Has the node pull a file whose content is the attack: its session ends, and nothing of it is received. */
async function expectDataRefused(
  ground: Ground,
  { wire, deviceId }: PairedAttacker,
  file: OfferedFile,
  data: readonly Uint8Array[],
  codes: readonly ProtocolErrorCode[],
): Promise<void> {
  for (const [pattern, answer] of Object.entries(servesFiles([file]))) wire.answers.set(pattern, answer);
  wire.answers.set(PATTERNS.fileRead, (_wire, stream) => {
    wire.send(...data.map((payload) => dataFrame(stream, payload)), responseFrame(stream, {}));
  });
  const from = mark(wire);
  await ground.node.api.pull(deviceId, [file.id]);
  await expectClosed(wire, codes, from);
  await expectNotReceived(ground, file);
}

async function attack(ground: Ground, role: Role, { id, data, codes, asks = [] }: DataAttack): Promise<void> {
  const name = `${id.toLowerCase()}-${role}.bin`;
  if (asks.length > 0) {
    const { wire } = await pairedAttacker(ground, role);
    const { fileId } = await sharedFile(ground, name, SIZE);
    for (const [ranges, code] of asks) await expectErrorReply(wire, wire.answerOn(askFor(wire, fileId, ranges)), code);
  }
  for (const payloads of data) {
    const file = new OfferedFile(id, name, randomBytes(SIZE));
    await expectDataRefused(ground, await pairedAttacker(ground, role), file, payloads, codes);
  }
}

/** The node asks for content and gets something else. */
export const DATA_ROWS: readonly HostileCase[] = DATA_ATTACKS.flatMap((one) =>
  (['server', 'client'] as const).map((role): HostileCase => {
    const { id, title } = one;
    return { id, role, title, expect: 'K', run: (ground) => attack(ground, role, one) };
  }),
);
