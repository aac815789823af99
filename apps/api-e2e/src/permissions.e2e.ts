import { join } from 'node:path';
import { type FileEntry, FrameType, parseFilesListResponse, PATTERNS } from '@ferry/protocol';
import {
  listVisible,
  MEBIBYTE,
  NodeGroup,
  type NodeProcess,
  pair,
  type ProxiedNode,
  untilEntry,
  untilState,
  untilTransfer,
  withDeadline,
  writeRandomFile,
} from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';
import { dialWire, pairedWire } from './support/paired-wire';
import { messageOf, type RawWire } from './support/raw-wire';
import type { TestIdentity } from './support/test-identity';
import { untilPeer } from './support/until-peer';

/** Within which a session is cut. */
const CUT_MS = 1_000;

describe('what a peer may see', () => {
  const group = new NodeGroup();
  let owner: NodeProcess;
  let anna: { wire: RawWire; identity: TestIdentity };
  let bert: { wire: RawWire; identity: TestIdentity };
  let file: FileEntry;

  beforeAll(async () => {
    owner = await group.start('owner');
    await writeRandomFile(join(owner.folders.shared, 'file.bin'), 2 * MEBIBYTE + 1);
    file = await untilEntry(owner.api, 'file.bin');
    [anna, bert] = [await pairedWire(owner), await pairedWire(owner)];
    group.defer(async () => [anna, bert].forEach(({ wire }) => wire.close()));
  });
  afterAll(() => group.dispose());

  const manifestOf = (entryId: string, blockCount: number) =>
    [PATTERNS.fileManifest, { entryId, firstBlock: 0, blockCount }] as const;
  const readOf = (fileId: string) => [PATTERNS.fileRead, { fileId, ranges: [[0, 1]] }] as const;
  const listedFor = async ({ wire }: { wire: RawWire }) =>
    parseFilesListResponse(messageOf(await wire.ask(PATTERNS.filesList, {})));
  /** Type, flags and every byte of the last frame of an answer. */
  const answerTo = async ({ wire }: { wire: RawWire }, [pattern, data]: readonly [string, unknown]) => {
    const { header, payload } = await wire.ask(pattern, data);
    return { type: header.type, flags: header.flags, payload: Buffer.from(payload).toString() };
  };

  async function expectShown(peer: { wire: RawWire }): Promise<void> {
    expect(await listedFor(peer)).toMatchObject({ entries: [{ id: file.id }], total: 1 });
    expect((await answerTo(peer, manifestOf(file.id, 3))).payload).toContain(file.fileId);
    expect((await answerTo(peer, readOf(file.fileId ?? ''))).payload).toBe('{}');
  }

  async function expectNotThere(peer: { wire: RawWire }): Promise<void> {
    expect(await listedFor(peer)).toEqual({ entries: [], nextCursor: null, total: 0 });
    expect(messageOf(await peer.wire.ask(PATTERNS.filesList, { q: 'file' }))).toMatchObject({ total: 0 });
    const nothing = '00000000-0000-4000-8000-000000000000';
    for (const count of [0, 3]) {
      const hidden = await answerTo(peer, manifestOf(file.id, count));
      expect(hidden).toEqual(await answerTo(peer, manifestOf(nothing, count)));
      expect(hidden.payload).toContain('UNKNOWN_FILE');
    }
    const hidden = await answerTo(peer, readOf(file.fileId ?? ''));
    expect(hidden).toEqual(await answerTo(peer, readOf('0'.repeat(64))));
    expect(hidden.payload).toContain('UNKNOWN_FILE');
  }

  it('is for chosen peers what the owner shows them, and for others as if it were not there', async () => {
    await expectShown(anna);
    await expectShown(bert);
    await owner.api.showTo(file.id, 'chosen', [anna.identity.deviceId]);
    await expectShown(anna);
    await expectNotThere(bert);
    await owner.stop();
    await owner.start();
    expect(await owner.api.file(file.id)).toMatchObject({ visibleTo: [anna.identity.deviceId] });
    for (const peer of [anna, bert]) {
      peer.wire = await dialWire(owner, peer.identity);
      await peer.wire.hello();
    }
    await expectShown(anna);
    await expectNotThere(bert);
  });

  it('is nothing of a hidden file, and nothing at all without the permission', async () => {
    await owner.api.showTo(file.id, 'none');
    await expectNotThere(anna);
    await owner.api.showTo(file.id, 'all-paired');
    await expectShown(bert);
    await owner.api.permit(bert.identity.deviceId, { seeMyFiles: false });
    await expectNotThere(bert);
    await expectShown(anna);
    await owner.api.permit(bert.identity.deviceId, { seeMyFiles: true });
    await expectShown(bert);
  });

  it('ends within a second when the peer is blocked, whose connections then get no byte', async () => {
    const { wire, identity } = bert;
    await owner.api.permit(identity.deviceId, { blocked: true });
    await withDeadline(wire.closed, CUT_MS, 'the end of the session');
    const blocked = await dialWire(owner, identity);
    blocked.hello().catch(() => undefined); // there will be no answer
    await withDeadline(blocked.closed, CUT_MS, 'the end of the new connection');
    expect(blocked.bytesIn).toBe(0);
    await expectShown(anna);
    await owner.api.permit(identity.deviceId, { blocked: false });
    bert.wire = await dialWire(owner, identity);
    await bert.wire.hello();
    await expectShown(bert);
  });

  it('ends within a second when the peer is removed in the middle of an answer', async () => {
    const { wire, identity } = bert;
    const answers = Promise.allSettled(Array.from({ length: 4 }, () => wire.ask(...readOf(file.fileId ?? ''))));
    await wire.frame(({ header }) => header.type === FrameType.DATA, 'content');
    await owner.api.removePeer(identity.deviceId);
    await withDeadline(wire.closed, CUT_MS, 'the end of the session');
    await answers;
    const stranger = await dialWire(owner, identity);
    await stranger.hello();
    expect((await answerTo({ wire: stranger }, [PATTERNS.filesList, {}])).payload).toContain('NOT_PAIRED');
    stranger.close();
    expect((await owner.api.file(file.id)).visibility).toBe('all-paired');
  });
});

describe('a running transfer', () => {
  const FILE_BYTES = 32 * MEBIBYTE;
  const group = new NodeGroup();
  let owner: ProxiedNode;
  let friend: ProxiedNode;
  let ownerId: string;
  let friendId: string;
  let entryId: string;

  beforeAll(async () => {
    [owner, friend] = await Promise.all([group.startBehindProxy('owner'), group.startBehindProxy('friend')]);
    await writeRandomFile(join(owner.node.folders.shared, 'film.bin'), FILE_BYTES);
    entryId = (await untilEntry(owner.node.api, 'film.bin')).id;
  });
  beforeEach(async () => {
    const ids = await pair(owner.node, friend.node, owner.proxy.address);
    [ownerId, friendId] = [ids.inviterId, ids.claimerId];
    await untilPeer(owner.node.api, friendId, ({ state }) => state === 'online');
  });
  afterAll(() => group.dispose());

  async function pullAThird(): Promise<string> {
    for (const { proxy } of [owner, friend]) proxy.bytesPerSecond = 16 * MEBIBYTE;
    const { id } = await friend.node.api.pull(ownerId, [entryId]);
    await untilTransfer(friend.node.api, id, ({ verifiedBytes }) => verifiedBytes >= FILE_BYTES / 3);
    return id;
  }

  it('stops with the reason when its source is removed', async () => {
    const id = await pullAThird();
    await friend.node.api.removePeer(ownerId);
    const failed = await untilState(friend.node.api, id, 'failed', CUT_MS);
    expect(failed.error).toMatchObject({ code: 'peer-not-found' });
    expect(await listVisible(friend.node.folders.received)).toEqual([]);
    await owner.node.api.removePeer(friendId);
  });

  it('stops when its source no longer trusts this device, which is told why', async () => {
    const id = await pullAThird();
    const offline = untilPeer(friend.node.api, ownerId, ({ state }) => state === 'offline');
    await owner.node.api.removePeer(friendId);
    await withDeadline(offline, CUT_MS, 'the end of the session');
    const sentBefore = owner.proxy.toClient + friend.proxy.toTarget;
    const failed = await untilState(friend.node.api, id, 'failed');
    expect(failed.error).toMatchObject({ code: 'peer-untrusted' });
    expect(owner.proxy.toClient + friend.proxy.toTarget - sentBefore).toBeLessThan(MEBIBYTE);
    await friend.node.api.removePeer(ownerId);
  });

  it('stops when its source is blocked, and can be got on when that is over', async () => {
    const id = await pullAThird();
    const peer = await friend.node.api.permit(ownerId, { blocked: true });
    expect(peer).toMatchObject({ state: 'offline', paired: true, permissions: { blocked: true } });
    const failed = await untilState(friend.node.api, id, 'failed', CUT_MS);
    expect(failed.error).toMatchObject({ code: 'peer-untrusted', detail: expect.stringContaining('blocked') });
    expectProblem(await friend.node.api.call('GET', `/peers/${ownerId}/files`), 403, 'peer-untrusted');
    for (const { proxy } of [owner, friend]) proxy.bytesPerSecond = Infinity;
    await friend.node.api.permit(ownerId, { blocked: false });
    await untilPeer(friend.node.api, ownerId, ({ state }) => state === 'online');
    await friend.node.api.retry(id);
    const done = await untilState(friend.node.api, id, 'complete');
    // Blocks that the tests before left staged count as reused; none of either is asked for again.
    expect(done.resumedBytes + done.reusedBytes).toBeGreaterThanOrEqual(FILE_BYTES / 3);
  });
});
