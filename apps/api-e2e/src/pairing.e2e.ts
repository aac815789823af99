import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pairing } from '@ferry/protocol';
import { EventReader, isEvent, NodeGroup, type NodeProcess, untilEntry } from '@ferry/test-nodes';
import { expectProblem } from './support/expect-problem';

const TIMEOUT_MS = 10_000;

describe('pairing by comparison between two nodes', () => {
  const group = new NodeGroup();
  let near: NodeProcess;
  let far: NodeProcess;
  let events: EventReader;

  beforeAll(async () => {
    [near, far] = await Promise.all([group.start('near'), group.start('far')]);
    await writeFile(join(far.folders.shared, 'notes.txt'), 'only for friends');
    await untilEntry(far.api, 'notes.txt');
    events = await EventReader.open(far.api.origin);
    group.defer(async () => events.close());
  });
  afterAll(() => group.dispose());

  /** What the other user's page is told. */
  const told = async (state: Pairing['state']): Promise<Pairing> => {
    const isTold = (data: unknown): boolean => (data as Pairing).state === state;
    const event = await events.find(
      (each) => isEvent(each, 'pairings.changed') && isTold(each.data),
      TIMEOUT_MS,
      state,
    );
    return event.data as Pairing;
  };
  const idOf = async (node: NodeProcess): Promise<string> => (await node.api.status()).device.id;

  it('needs the other user to open pairing mode', async () => {
    const answer = await near.api.call('POST', '/pairings/claim', { address: far.peerAddress });
    expectProblem(answer, 409, 'pairing-closed');
    expect((await far.api.pairings()).total).toBe(0);
  });

  it('leaves no trust when one user sees something else', async () => {
    await far.api.openPairing();
    const { id } = await near.api.claimAddress(far.peerAddress);
    await told('comparing');
    expect(await near.api.confirm(id, false)).toMatchObject({ state: 'failed' });
    expect((await told('failed')).error).toMatch(/other device says/);
    expect((await far.api.status()).totals.pairedPeers).toBe(0);
    expect((await near.api.status()).totals.pairedPeers).toBe(0);
  });

  it('shows both users the same, and pairs when both say so', async () => {
    const asked = await near.api.claimAddress(far.peerAddress);
    const { items } = await far.api.pairings();
    const seen = items.find(({ state }) => state === 'comparing');
    expect(asked).toMatchObject({ state: 'comparing', direction: 'out', peerId: await idOf(far), peerName: 'far' });
    expect(seen).toMatchObject({ direction: 'in', peerId: await idOf(near), peerName: 'near', sas: asked.sas });

    expect(await far.api.confirm(seen?.id ?? '', true)).toMatchObject({ state: 'comparing' });
    const refused = await near.api.call('GET', `/peers/${await idOf(far)}/files`);
    expectProblem(refused, 404, 'peer-not-found');
    expect(await near.api.confirm(asked.id, true)).toMatchObject({ state: 'paired' });

    const remote = await near.api.remoteFiles(await idOf(far));
    expect(remote.items.map(({ name }) => name)).toEqual(['notes.txt']);
    expect((await far.api.remoteFiles(await idOf(near))).items).toEqual([]);
  });

  it('stays after both have lost their power', async () => {
    await Promise.all([near.kill(), far.kill()]);
    await Promise.all([near.start(), far.start()]);
    const remote = await near.api.remoteFiles(await idOf(far));
    expect(remote.items.map(({ name }) => name)).toEqual(['notes.txt']);
  });
});
