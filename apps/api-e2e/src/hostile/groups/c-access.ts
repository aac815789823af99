import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FrameType, PATTERNS, type Problem } from '@ferry/protocol';
import { untilEntry } from '@ferry/test-nodes';
import { errorFrame } from '../../support/raw-frame';
import { messageOf, type RawWire } from '../../support/raw-wire';
import type { HostileCase } from '../case';
import type { Ground } from '../ground';
import { expectAlive, expectErrorReply } from '../verdicts';
import { onPairedWire } from './paired-wire';

/** Asks for the manifest and for content; @returns what both answers say. */
async function refusals(wire: RawWire, entryId: string, fileId: string): Promise<unknown[]> {
  const manifest = wire.ask(PATTERNS.fileManifest, { entryId, firstBlock: 0, blockCount: 0 });
  const read = wire.ask(PATTERNS.fileRead, { fileId, ranges: [[0, 1]] });
  return [await expectErrorReply(wire, manifest, 'UNKNOWN_FILE'), await expectErrorReply(wire, read, 'UNKNOWN_FILE')];
}

/** A file in the node's share that only the honest peer may see. */
async function hiddenFile(
  ground: Ground,
): Promise<{ readonly id: string; readonly fileId: string; readonly name: string }> {
  const { api, folders } = ground.node;
  const name = `hidden-${randomUUID()}.bin`;
  ground.field.expectPath(/^shared\/hidden-/);
  await writeFile(join(folders.shared, name), randomBytes(100));
  const { id, fileId = '' } = await untilEntry(api, name);
  const visibleTo = [await ground.field.honest.deviceId()];
  await api.ok('PATCH', `/files/${id}`, { visibility: 'chosen', visibleTo });
  return { id, fileId, name };
}

/** Who may have what. */
export const ACCESS_ROWS: readonly HostileCase[] = [
  ...onPairedWire('W067', 'E', 'a file that does not exist', async (_ground, { wire }) => {
    await refusals(wire, randomUUID(), randomBytes(32).toString('hex'));
  }),

  ...onPairedWire(
    'W068',
    'E',
    'a file shown to another peer only: told as one that does not exist',
    async (ground, { wire }) => {
      const hidden = await hiddenFile(ground);
      const refused = await refusals(wire, hidden.id, hidden.fileId);
      expect(refused).toEqual(await refusals(wire, randomUUID(), randomBytes(32).toString('hex')));
      const list = messageOf(await wire.ask(PATTERNS.filesList, { q: hidden.name }));
      expect(list).toMatchObject({ entries: [], total: 0 });
    },
  ),

  ...onPairedWire('W069', 'E', 'the answer to an offer that nobody made', async (_ground, { wire }) => {
    const answer = wire.ask(PATTERNS.offerAnswer, { offerId: randomUUID(), accept: true });
    await expectErrorReply(wire, answer, 'UNKNOWN_OFFER');
  }),

  ...onPairedWire('W080', 'E', "another peer's offer and its transfer", async (ground, { wire }) => {
    const other = await ground.pair();
    const offerId = randomUUID();
    const made = await other.ask(PATTERNS.offerMake, { offerId, count: 1, bytes: 10, lifetimeMs: 60_000 });
    expect(made.header.type).toBe(FrameType.RESPONSE);
    const requests = [
      [PATTERNS.transferStatus, { offerId }],
      [PATTERNS.offerFiles, { offerId }],
      [PATTERNS.offerAnswer, { offerId, accept: true }],
    ] as const;
    for (const [pattern, data] of requests) {
      const theirs = await expectErrorReply(wire, wire.ask(pattern, data), 'UNKNOWN_OFFER');
      const none = await expectErrorReply(wire, wire.ask(pattern, { ...data, offerId: randomUUID() }), 'UNKNOWN_OFFER');
      expect(theirs).toEqual(none);
    }
    expect((await other.ask(PATTERNS.transferStatus, { offerId })).header.type).toBe(FrameType.RESPONSE);
  }),

  ...onPairedWire('W085', 'OK', 'an ERROR of 60 KiB with escapes and HTML', async (ground, { wire, deviceId }) => {
    const text = `\u001b[2J\u001b]0;x\u0007\u202e<img src=x onerror=alert(1)>\r\n${'A'.repeat(60_000)}`;
    wire.answers.set(PATTERNS.filesList, (_wire, stream) => wire.send(errorFrame(stream, 17, 'INTERNAL', text)));
    const { status, body } = await ground.node.api.call<Problem>('GET', `/peers/${deviceId}/files`);
    expect(status).toBe(502);
    expect(body.detail?.length).toBeLessThan(512);
    expect(body.detail).not.toMatch(/[\p{Cc}\u202e]/u);
    await expectAlive(wire);
  }),
];
