import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry, Offer } from '@ferry/protocol';
import {
  listVisible,
  MEBIBYTE,
  NodeGroup,
  type NodeProcess,
  pair,
  untilEntry,
  untilOffer,
  untilState,
} from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';

const SIZE = 40 * MEBIBYTE + 77;

describe('an accepted offer on a slow line', () => {
  const group = new NodeGroup();
  afterAll(() => group.dispose());

  it('moves before the eyes of the giver', async () => {
    const { node: giver, proxy } = await group.startBehindProxy('giver');
    const receiver = await group.start('receiver');
    const { claimerId: receiverId } = await pair(giver, receiver, proxy.address);
    await writeFile(join(giver.folders.shared, 'large.bin'), randomBytes(SIZE));
    const { id } = await untilEntry(giver.api, 'large.bin');
    proxy.bytesPerSecond = 6 * MEBIBYTE;
    await giver.api.makeOffer([receiverId], [id]);
    const got = await untilOffer(receiver.api, ({ state }) => state === 'waiting');
    await receiver.api.acceptOffer(got.id);
    const seen: number[] = [];
    await untilOffer(giver.api, ({ state, doneBytes = 0, transferState }) => {
      if (state === 'accepted') seen.push(doneBytes);
      return transferState === 'complete' && doneBytes === SIZE;
    });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(new Set(seen.filter((bytes) => bytes > 0 && bytes < SIZE)).size).toBeGreaterThanOrEqual(2);
  });
});

describe('offers between two nodes', () => {
  const group = new NodeGroup();
  const content = randomBytes(SIZE);
  let giver: NodeProcess;
  let receiver: NodeProcess;
  let third: NodeProcess;
  let giverId: string;
  let receiverId: string;
  let thirdId: string;
  let large: FileEntry;
  let small: FileEntry;

  beforeAll(async () => {
    [giver, receiver, third] = (await Promise.all(['giver', 'receiver', 'third'].map((name) => group.start(name)))) as [
      NodeProcess,
      NodeProcess,
      NodeProcess,
    ];
    ({ inviterId: giverId, claimerId: receiverId } = await pair(giver, receiver));
    thirdId = (await pair(giver, third)).claimerId;
    await writeFile(join(giver.folders.shared, 'large.bin'), content);
    await writeFile(join(giver.folders.shared, 'small.txt'), 'hello');
    large = await untilEntry(giver.api, 'large.bin');
    small = await untilEntry(giver.api, 'small.txt');
  });
  afterAll(() => group.dispose());

  const offer = async (...entries: FileEntry[]): Promise<Offer> => {
    const { items } = await giver.api.makeOffer(
      [receiverId],
      entries.map(({ id }) => id),
    );
    return items[0] as Offer;
  };
  const incoming = () => untilOffer(receiver.api, ({ state }) => state === 'waiting');
  const ofGiver = (made: Offer, isWanted: (offer: Offer) => boolean) =>
    untilOffer(giver.api, (each) => each.id === made.id && isWanted(each));

  it('bring the right bytes when accepted, and the giver sees how far it is', async () => {
    const made = await offer(large, small);
    const got = await incoming();
    expect(got).toMatchObject({ direction: 'in', peerId: giverId, files: { count: 2, bytes: SIZE + 5 } });
    expect((await receiver.api.offerFiles(got.id)).items.map(({ path }) => path)).toEqual(['large.bin', 'small.txt']);
    const { transferId = '' } = await receiver.api.acceptOffer(got.id);
    await untilState(receiver.api, transferId, 'complete');
    expect((await readFile(join(receiver.folders.received, 'large.bin'))).equals(content)).toBe(true);
    expect(await readFile(join(receiver.folders.received, 'small.txt'), 'utf8')).toBe('hello');
    const done = await ofGiver(made, ({ transferState }) => transferState === 'complete');
    expect(done).toMatchObject({ state: 'accepted', doneBytes: SIZE + 5, acceptedBytes: SIZE + 5 });
  });

  it('bring nothing when declined, taken back or left alone', async () => {
    const before = await listVisible(receiver.folders.received);
    const declined = await offer(small);
    await receiver.api.declineOffer((await incoming()).id);
    await ofGiver(declined, ({ state }) => state === 'declined');
    const withdrawn = await offer(small);
    const got = await incoming();
    await giver.api.withdrawOffer(withdrawn.id);
    await untilOffer(receiver.api, ({ id, state }) => id === got.id && state === 'withdrawn');
    expectProblem(await receiver.api.call('POST', `/offers/${got.id}/accept`, {}), 410, 'offer-expired');
    expectProblem(await receiver.api.call('POST', '/offers/no-such-offer/accept', {}), 404, 'offer-not-found');
    expect(await listVisible(receiver.folders.received)).toEqual(before);
  });

  it('let that peer alone read a file that nobody may see', async () => {
    await giver.api.ok('PATCH', `/files/${small.id}`, { visibility: 'none' });
    const pull = { peerId: giverId, entryIds: [small.id] };
    expectProblem(await receiver.api.call('POST', '/transfers', pull), 404, 'file-not-found');
    await offer(small);
    expectProblem(await third.api.call('POST', '/transfers', pull), 404, 'file-not-found');
    const { transferId = '' } = await receiver.api.acceptOffer((await incoming()).id);
    await untilState(receiver.api, transferId, 'complete');
    expect(await readFile(join(receiver.folders.received, 'small (2).txt'), 'utf8')).toBe('hello');
    await giver.api.ok('PATCH', `/files/${small.id}`, { visibility: 'all-paired' });
  });

  it('are accepted without asking up to the size that the receiver allows, and refused from who may not send', async () => {
    await receiver.api.ok('PATCH', `/peers/${giverId}`, { permissions: { autoAcceptBytes: 5 } });
    const made = await offer(small);
    await ofGiver(made, ({ transferState }) => transferState === 'complete');
    expect(await readFile(join(receiver.folders.received, 'small (3).txt'), 'utf8')).toBe('hello');
    await receiver.api.ok('PATCH', `/peers/${giverId}`, { permissions: { autoAcceptBytes: 0, sendToMe: false } });
    const body = { peerIds: [receiverId], entryIds: [small.id] };
    expectProblem(await giver.api.call('POST', '/offers', body), 409, 'offer-refused');
    const both = await giver.api.makeOffer([receiverId, thirdId], [small.id]);
    expect(both.items.map(({ peerId, state }) => [peerId, state])).toEqual([
      [receiverId, 'declined'],
      [thirdId, 'waiting'],
    ]);
    await receiver.api.ok('PATCH', `/peers/${giverId}`, { permissions: { sendToMe: true } });
  });

  it('go on after the giver was away for a moment', async () => {
    const made = await offer(small);
    const got = await incoming();
    await receiver.kill();
    await ofGiver(made, ({ state }) => state === 'expired'); // the receiver forgot it with its memory
    await receiver.start();
    expectProblem(await receiver.api.call('GET', `/offers/${got.id}`), 404, 'offer-not-found');
  });
});
