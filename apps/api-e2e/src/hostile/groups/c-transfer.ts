import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FilesListResponse, FrameType, parseFileReadRequest, PATTERNS, type Transfer } from '@ferry/protocol';
import { listVisible, MEBIBYTE, untilState, untilTransfer, withDeadline } from '@ferry/test-nodes';
import { OfferedFile } from '../../support/offered-file';
import { dataFrame, helloOf, requestFrame, responseFrame } from '../../support/raw-frame';
import { messageOf, type RawWire } from '../../support/raw-wire';
import { blocksOf, servesFiles } from '../../support/serve-files';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { IS_FULL } from '../mode';
import { expectAlive, expectClosedAfter } from '../verdicts';
import { onPairedWire, pairedAttacker } from './paired-wire';

const SIZE = 2 * MEBIBYTE + 100;
/** So soon a revoked session must end; more than the second that is promised when other cases keep the machine busy. */
const REVOKED_MS = IS_FULL ? 1_000 : 5_000;
const ASKED_MS = 5_000;
const NOTHING_HELD_BACK = { features: ['hash.none', 'resume.none', 'tls.none'] };

/** A file that only one case offers, under a name that tells which. */
function offered(id: string, role: Role, onBlock?: (block: Uint8Array) => void): OfferedFile {
  return new OfferedFile(`${id}-${role}`, `${id}-${role}.bin`, randomBytes(SIZE), onBlock);
}

async function isPublished(ground: Ground, file: OfferedFile): Promise<boolean> {
  return (await listVisible(ground.node.folders.received)).includes(file.path);
}

/** Follows a transfer that must not succeed. */
function untilFailed(ground: Ground, id: string): Promise<Transfer> {
  return untilTransfer(ground.node.api, id, ({ state }) => state === 'failed');
}

/** A device whose hello claims that neither of us needs hashes. */
async function weakAttacker(ground: Ground, role: Role, file: OfferedFile): Promise<string> {
  const identity = await ground.identity();
  const answers = servesFiles([file]);
  if (role === 'server') {
    const wire = await ground.pair({ identity, hello: NOTHING_HELD_BACK });
    wire.answerWith(answers);
    return identity.deviceId;
  }
  const hello = (wire: RawWire, stream: number) => wire.send(responseFrame(stream, helloOf(NOTHING_HELD_BACK)));
  await ground.nodePairs(await ground.listen({ identity, answers: { ...answers, hello } }));
  return identity.deviceId;
}

const weakened = (role: Role): HostileCase => ({
  id: 'W066',
  role,
  title: 'features in the hello that would weaken what protects: hashes are checked all the same',
  expect: 'I',
  run: async (ground) => {
    const file = offered('w066', role, (block) => (block[0] = (block[0] ?? 0) ^ 1));
    const peerId = await weakAttacker(ground, role, file);
    const { id } = await ground.node.api.pull(peerId, [file.id]);
    expect((await untilFailed(ground, id)).error).toMatchObject({ code: 'hash-mismatch' });
    expect(await isPublished(ground, file)).toBe(false);
  },
});

/** Both ends of two sessions of one device, whoever dialled the first. */
async function twoSessions(ground: Ground, role: Role, answers: ReturnType<typeof servesFiles>): Promise<string> {
  const identity = await ground.identity();
  const first =
    role === 'server'
      ? await ground.pair({ identity })
      : await ground.nodePairs(await ground.listen({ identity, answers }));
  const second = await ground.greet({ identity });
  for (const wire of [first, second]) wire.answerWith(answers);
  return identity.deviceId;
}

const twoConnections = (role: Role): HostileCase => ({
  id: 'W082',
  role,
  title: 'two connections of one device: each block is asked for once',
  expect: 'OK',
  run: async (ground) => {
    const file = offered('w082', role);
    ground.field.expectPath(/^received\/w082/);
    const answers = servesFiles([file]);
    const read = answers[PATTERNS.fileRead];
    const asked: number[] = [];
    answers[PATTERNS.fileRead] = (wire, stream, data) => {
      asked.push(...blocksOf(parseFileReadRequest(data).ranges));
      read?.(wire, stream, data);
    };
    const peerId = await twoSessions(ground, role, answers);
    const { id } = await ground.node.api.pull(peerId, [file.id]);
    await untilState(ground.node.api, id, 'complete');
    expect(asked.sort()).toEqual([0, 1, 2]);
  },
});

/** What a transfer is worth when its peer lies about its course, or is forgotten. */
export const TRANSFER_ROWS: readonly HostileCase[] = [
  weakened('server'),
  weakened('client'),

  ...onPairedWire('W073', 'K', 'DATA behind the end of a complete file', async (ground, { wire, deviceId }, role) => {
    const file = offered('w073', role);
    ground.field.expectPath(/^received\/w073/);
    const answers = servesFiles([file]);
    let lastStream = 0;
    wire.answerWith(answers);
    wire.answers.set(PATTERNS.fileRead, (one, stream, data) => {
      lastStream = stream;
      answers[PATTERNS.fileRead]?.(one, stream, data);
    });
    const { id } = await ground.node.api.pull(deviceId, [file.id]);
    await untilState(ground.node.api, id, 'complete');
    const path = join(ground.node.folders.received, file.path);
    const before = await readFile(path);
    const late = file.block(0).map((payload) => dataFrame(lastStream, payload.fill(7, 8)));
    await expectClosedAfter(wire, () => wire.send(...late), 'UNEXPECTED_MESSAGE');
    expect(before.equals(await readFile(path))).toBe(true);
  }),

  ...onPairedWire('W074', 'E', 'the end of an answer with chunks missing', async (ground, { wire, deviceId }, role) => {
    const file = offered('w074', role);
    const answers = servesFiles([file]);
    wire.answerWith(answers);
    wire.answers.set(PATTERNS.fileRead, (one, stream, data) => {
      const blocks = blocksOf(parseFileReadRequest(data).ranges);
      const payloads = blocks.flatMap((block) => file.block(block));
      one.send(...payloads.slice(0, -1).map((payload) => dataFrame(stream, payload)), responseFrame(stream, {}));
    });
    const { id } = await ground.node.api.pull(deviceId, [file.id]);
    expect((await untilFailed(ground, id)).error?.detail).toMatch(/\S/);
    expect(await isPublished(ground, file)).toBe(false);
    await expectAlive(wire);
  }),

  {
    id: 'W079',
    role: 'server',
    title: 'trust revoked while the peer reads a file of ours',
    expect: 'K',
    run: async (ground) => {
      const { wire, deviceId } = await pairedAttacker(ground, 'server');
      const list = messageOf(await wire.ask(PATTERNS.filesList, { q: 'honest.bin' })) as FilesListResponse;
      const stream = wire.newStream();
      wire.send(requestFrame(stream, PATTERNS.fileRead, { fileId: list.entries[0]?.fileId, ranges: [[0, 10]] }));
      await wire.frame(({ header }) => header.type === FrameType.DATA, 'the first DATA');
      wire.tls.pause(); // the rest waits in the node
      await ground.node.api.ok('DELETE', `/peers/${deviceId}`);
      wire.tls.resume();
      await withDeadline(wire.closed, REVOKED_MS, 'the end of the revoked session');
      expect(wire.frames.some(({ header }) => header.type === FrameType.RESPONSE && header.stream === stream)).toBe(
        false,
      );
    },
  },
  {
    id: 'W079',
    role: 'client',
    title: 'trust revoked while we read a file of the peer',
    expect: 'K',
    run: async (ground) => {
      const file = offered('w079', 'client');
      const { wire, deviceId } = await pairedAttacker(ground, 'client', servesFiles([file]));
      const asked = new Promise<void>((resolve) => {
        wire.answers.set(PATTERNS.fileRead, (one, stream) => {
          one.send(
            ...file
              .block(0)
              .slice(0, 2)
              .map((payload) => dataFrame(stream, payload)),
          );
          resolve(); // the rest never comes
        });
      });
      const { id } = await ground.node.api.pull(deviceId, [file.id]);
      await withDeadline(asked, ASKED_MS, 'the request for content');
      await ground.node.api.ok('DELETE', `/peers/${deviceId}`);
      await withDeadline(wire.closed, REVOKED_MS, 'the end of the revoked session');
      await untilFailed(ground, id);
      expect(await isPublished(ground, file)).toBe(false);
    },
  },

  twoConnections('server'),
  twoConnections('client'),
];
