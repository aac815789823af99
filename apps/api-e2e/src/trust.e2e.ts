import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Peer } from '@ferry/protocol';
import { NodeGroup, type NodeProcess, pair, untilEntry, withDeadline } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';
import { createIdentity } from './support/test-identity';
import { WireSession } from './support/wire-session';

describe('trust before content', () => {
  const group = new NodeGroup();
  let owner: NodeProcess;
  let stranger: NodeProcess;
  let ownerId: string;
  let entryId: string;

  beforeAll(async () => {
    [owner, stranger] = await Promise.all([group.start('owner'), group.start('stranger')]);
    await writeFile(join(owner.folders.shared, 'diary.txt'), 'secret');
    entryId = (await untilEntry(owner.api, 'diary.txt')).id;
    ownerId = (await owner.api.status()).device.id;
  });
  afterAll(() => group.dispose());

  it('lets an unpaired node add a peer by address, and see nothing of it', async () => {
    const peer = await stranger.api.ok<Peer>('POST', '/peers', { address: owner.peerAddress });
    expect(peer).toMatchObject({ id: ownerId, name: 'owner', paired: false, state: 'pending' });
    expectProblem(await stranger.api.call('GET', `/peers/${ownerId}/files`), 403, 'peer-untrusted');
    const pull = { peerId: ownerId, entryIds: [entryId] };
    expectProblem(await stranger.api.call('POST', '/transfers', pull), 403, 'peer-untrusted');
    expect((await owner.api.status()).totals.pairedPeers).toBe(0);
  });

  it.each([
    ['files.list', {}],
    ['file.manifest', () => ({ entryId, firstBlock: 0, blockCount: 0 })],
    ['file.read', { fileId: 'a'.repeat(64), ranges: [[0, 1]] }],
    ['no.such.pattern', {}],
  ])('answers %s of an unknown key with NOT_PAIRED and ends the session', async (pattern, data) => {
    const session = await WireSession.dial(owner.peerAddress, await createIdentity());
    expect(session.peerId).toBe(ownerId);
    expect(await session.hello('stranger')).toMatchObject({ isError: false, value: { protocol: 1, name: 'owner' } });
    const reply = await session.request(pattern, typeof data === 'function' ? data() : data);
    expect(reply).toMatchObject({ isError: true, error: { name: 'NOT_PAIRED' } });
    await withDeadline(session.ended, 5_000, 'the end of the session');
  });

  it('takes no wrong proof for an invitation, and keeps the invitation for its owner', async () => {
    const { uri = '', id } = await owner.api.invite();
    const session = await WireSession.dial(owner.peerAddress, await createIdentity());
    await session.hello('thief');
    const reply = await session.request('pair.claim', { proof: Buffer.alloc(32).toString('base64url') });
    expect(reply).toMatchObject({ isError: true, error: { name: 'PAIRING_REJECTED' } });
    session.close();
    expect((await owner.api.status()).totals.pairedPeers).toBe(0);
    expect((await stranger.api.claim(uri)).state).toBe('paired');
    expect((await owner.api.get<{ state: string }>(`/pairings/${id}`)).state).toBe('paired');
    expect((await stranger.api.remoteFiles(ownerId)).items.map((entry) => entry.name)).toEqual(['diary.txt']);
  });

  it('refuses another device that claims a used invitation', async () => {
    const third = await group.start('third');
    const { uri = '' } = await owner.api.invite();
    await stranger.api.claim(uri);
    expect((await stranger.api.claim(uri)).state).toBe('paired'); // the same device may ask twice
    expectProblem(await third.api.call('POST', '/pairings/claim', { uri }), 403, 'pairing-wrong-code');
  });

  it('refuses a peer that was removed, at once and after both were started again', async () => {
    const { claimerId } = await pair(owner, stranger);
    await owner.api.ok('DELETE', `/peers/${claimerId}`);
    expectProblem(await stranger.api.call('GET', `/peers/${ownerId}/files`), 403, 'peer-untrusted');
    await Promise.all([owner.stop(), stranger.stop()]);
    await Promise.all([owner.start(), stranger.start()]);
    expectProblem(await stranger.api.call('GET', `/peers/${ownerId}/files`), 403, 'peer-untrusted');
    expect((await owner.api.peers()).items.filter((peer) => peer.paired)).toEqual([]);
  });
});
