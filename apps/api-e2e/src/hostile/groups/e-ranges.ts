import { FrameType, PATTERNS, type ProtocolErrorCode } from '@ferry/protocol';
import { eventFrame, joined, requestFrame } from '../../support/raw-frame';
import { messageOf, type RawWire } from '../../support/raw-wire';
import type { HostileCase } from '../case';
import { expectAlive, expectClosedAfter, expectErrorReply } from '../verdicts';
import { inForms } from './forms';
import { onPairedWire } from './paired-wire';
import { askFor, blockOf, contentOn, sharedFile, sparseFile } from './shared-file';

const MIB = 1_048_576;
const SIZE = 2 * MIB + 100;
/** More than may be asked for at once. */
const LARGE = 40 * MIB;

/** Ranges that are answered with an error; the session goes on. */
async function expectRefused(
  wire: RawWire,
  fileId: string,
  refusals: readonly (readonly [ranges: unknown, code: ProtocolErrorCode])[],
): Promise<void> {
  for (const [ranges, code] of refusals)
    await expectErrorReply(wire, wire.answerOn(askFor(wire, fileId, ranges)), code);
}

const overlapping = Array.from({ length: 10_000 }, () => [0, 1]);

/** What no news of blocks may say. */
const BAD_NEWS: readonly (readonly [ranges: unknown, code: ProtocolErrorCode])[] = [
  [[[0, 4]], 'INVALID_RANGE'], // the file has three
  [[[3, 1]], 'INVALID_RANGE'],
  [[[4_194_303, 2]], 'MALFORMED_MESSAGE'],
  [[], 'MALFORMED_MESSAGE'],
  [Array.from({ length: 257 }, (_, index) => [2 * index, 1]), 'MALFORMED_MESSAGE'],
  [[[0, 0]], 'MALFORMED_MESSAGE'],
  [
    [
      [1, 1],
      [0, 1],
    ],
    'MALFORMED_MESSAGE',
  ],
  [[[-1, 1]], 'MALFORMED_MESSAGE'],
  ['AAAA', 'MALFORMED_MESSAGE'],
];

/** The node has the file: what may be asked of it, and said about it. */
export const RANGE_ROWS: readonly HostileCase[] = [
  ...onPairedWire('W108', 'E', 'requests for nothing', async (ground, { wire }, role) => {
    const { id, fileId } = await sharedFile(ground, `w108-${role}.bin`, SIZE);
    await expectRefused(wire, fileId, [
      [[[0, 0]], 'MALFORMED_MESSAGE'],
      [[], 'MALFORMED_MESSAGE'],
      [[[]], 'MALFORMED_MESSAGE'],
    ]);
    const head = await wire.ask(PATTERNS.fileManifest, { entryId: id, firstBlock: 0, blockCount: 0 });
    expect(messageOf(head)).toMatchObject({ size: SIZE, blockCount: 3 }); // 0 hashes: the head alone
  }),

  ...inForms(
    'W120',
    'K',
    'news of too many blocks, of none, of blocks past the end',
    BAD_NEWS,
    async (ground, { wire }, [ranges, code], role) => {
      const { fileId } = await sharedFile(ground, `w120-${role}.bin`, SIZE);
      await expectClosedAfter(wire, () => wire.send(eventFrame('blocks.available', { fileId, ranges })), code);
    },
  ),

  ...onPairedWire('W121', 'OK', 'who claims to have blocks gets them all the same', async (ground, { wire }, role) => {
    const { fileId, path } = await sharedFile(ground, `w121-${role}.bin`, SIZE);
    const unknown = 'f'.repeat(64);
    wire.send(
      eventFrame('blocks.available', { fileId, ranges: [[0, 3]] }),
      eventFrame('blocks.available', { fileId: unknown, ranges: [[7, 4_000_000]] }),
    );
    const stream = askFor(wire, fileId, [[0, 3]]);
    expect((await wire.answerOn(stream)).header.type).toBe(FrameType.RESPONSE);
    const content = contentOn(wire, stream);
    for (const block of [0, 1, 2]) expect(content.get(block)?.equals(await blockOf(path, block))).toBe(true);
  }),

  ...onPairedWire(
    'W122',
    'K',
    'a short request for 2^20 blocks; 17 of them; 32 in two requests',
    async (ground, { wire }, role) => {
      const { fileId } = await sparseFile(ground, `w122-${role}.bin`, LARGE);
      await expectRefused(wire, fileId, [
        [[[0, 1_048_576]], 'INVALID_RANGE'],
        [[[0, 17]], 'INVALID_RANGE'],
        [
          [
            [0, 9],
            [20, 9],
          ],
          'INVALID_RANGE',
        ],
      ]);
      const [first, second] = [wire.newStream(), wire.newStream()];
      const request = (stream: number, block: number) =>
        requestFrame(stream, PATTERNS.fileRead, { fileId, ranges: [[block, 16]] });
      wire.send(joined(request(first, 0), request(second, 16)));
      await wire.closed;
      const last = wire.frames.at(-1);
      expect(last?.header).toMatchObject({ type: FrameType.ERROR, stream: 0 });
      expect(last && messageOf(last)).toMatchObject({ name: 'TOO_MANY_REQUESTS' });
    },
  ),

  ...onPairedWire('W123', 'E', '10,000 overlapping ranges; two', async (ground, { wire }, role) => {
    const { fileId } = await sharedFile(ground, `w123-${role}.bin`, SIZE);
    await expectRefused(wire, fileId, [
      [overlapping, 'MALFORMED_MESSAGE'],
      [overlapping.slice(0, 64), 'INVALID_RANGE'],
      [overlapping.slice(0, 2), 'INVALID_RANGE'],
      [
        [
          [0, 2],
          [1, 2],
        ],
        'INVALID_RANGE',
      ],
    ]);
  }),

  ...onPairedWire('W112', 'OK', 'all blocks, asked for in random order', async (ground, { wire }, role) => {
    const size = 6 * MIB + 5;
    const { fileId, path } = await sharedFile(ground, `w112-${role}.bin`, size);
    const order = [3, 6, 0, 5, 1, 4, 2];
    const streams = order.map((block) => askFor(wire, fileId, [[block, 1]]));
    for (const [index, stream] of streams.entries()) {
      expect((await wire.answerOn(stream)).header.type).toBe(FrameType.RESPONSE);
      const block = order[index] as number;
      expect(
        contentOn(wire, stream)
          .get(block)
          ?.equals(await blockOf(path, block)),
      ).toBe(true);
    }
    await expectAlive(wire);
  }),
];
