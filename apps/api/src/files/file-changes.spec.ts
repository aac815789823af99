import type { FileEntry, Page, Problem, RemoteEntry } from '@ferry/protocol';
import { pair } from '../peers/testing/pair';
import { TestNode } from '../peers/testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('who may see a file', () => {
  let owner: TestNode;
  let anna: TestNode;
  let bert: TestNode;
  let file: FileEntry;

  beforeAll(async () => {
    const peersOptions = { shareNoticeMs: 0 };
    owner = await TestNode.start({ name: 'Owner', peersOptions });
    anna = await TestNode.start({ name: 'Anna', peersOptions });
    bert = await TestNode.start({ name: 'Bert', peersOptions });
    await pair(owner, anna);
    await pair(owner, bert);
    await owner.upload('file.txt', 'content');
    const { body } = await owner.call('GET', '/files');
    file = (body as unknown as Page<FileEntry>).items[0] as FileEntry;
  });
  afterAll(() => Promise.all([owner, anna, bert].map((node) => node.remove())));

  const set = (change: unknown) => owner.call('PATCH', `/files/${file.id}`, change);
  const seenBy = async (peer: TestNode) => {
    const { body } = await peer.call('GET', `/peers/${owner.id}/files`);
    return (body as unknown as Page<RemoteEntry>).items.map(({ name }) => name);
  };
  const notices = (peer: TestNode) => peer.published().filter(([type]) => type === 'peers.share-changed').length;

  it('is what the user says, and told to the UI', async () => {
    expect(await set({ visibility: 'chosen', visibleTo: [anna.id] })).toMatchObject({
      status: 200,
      body: { id: file.id, visibility: 'chosen', visibleTo: [anna.id] },
    });
    expect([await seenBy(anna), await seenBy(bert)]).toEqual([['file.txt'], []]);
    expect(owner.published().at(-1)).toMatchObject(['files.changed', { visibility: 'chosen', visibleTo: [anna.id] }]);
    expect(await owner.call('GET', `/files/${file.id}`)).toMatchObject({ body: { visibleTo: [anna.id] } });
    await set({ visibility: 'none' });
    expect([await seenBy(anna), await seenBy(bert)]).toEqual([[], []]);
    const { body } = await set({ visibility: 'all-paired' });
    expect(body).not.toHaveProperty('visibleTo');
    expect([await seenBy(anna), await seenBy(bert)]).toEqual([['file.txt'], ['file.txt']]);
  });

  it('is told to those who see a difference, and to nobody else', async () => {
    await set({ visibility: 'none' });
    await seenBy(bert); // an answer on the session on which notices came before
    const before = [notices(anna), notices(bert)] as const;
    await set({ visibility: 'chosen', visibleTo: [anna.id] });
    await anna.until(() => notices(anna) > before[0]);
    await set({ visibility: 'none' });
    await anna.until(() => notices(anna) > before[0] + 1);
    await seenBy(bert);
    expect(notices(bert)).toBe(before[1]);
  });

  it('loses the peers that are removed', async () => {
    const carl = await TestNode.start({ name: 'Carl' });
    try {
      await pair(owner, carl);
      await set({ visibility: 'chosen', visibleTo: [anna.id, carl.id] });
      await owner.call('DELETE', `/peers/${carl.id}`);
      expect(await owner.call('GET', `/files/${file.id}`)).toMatchObject({ body: { visibleTo: [anna.id] } });
    } finally {
      await carl.remove();
    }
  });

  it.each<[string, unknown, string]>([
    ['nothing', {}, ''],
    ['an unknown visibility', { visibility: 'everybody' }, '/visibility'],
    ['null', { visibility: null }, '/visibility'],
    ['another field', { visibility: 'none', path: 'x.txt' }, '/path'],
    ['an empty name', { name: '' }, '/name'],
    ['null as the name', { name: null, visibility: 'none' }, '/name'],
    ['chosen ones without visibility', { name: 'x.txt', visibleTo: [] }, '/visibleTo'],
    ['nobody chosen', { visibility: 'chosen' }, '/visibleTo'],
    ['null as the chosen', { visibility: 'chosen', visibleTo: null }, '/visibleTo'],
    ['one id instead of a list', { visibility: 'chosen', visibleTo: 'x' }, '/visibleTo'],
    ['ids that are none', { visibility: 'chosen', visibleTo: [1] }, '/visibleTo'],
    ['an id twice', { visibility: 'chosen', visibleTo: ['x', 'x'] }, '/visibleTo'],
    ['too many', { visibility: 'chosen', visibleTo: Array.from({ length: 1001 }, String) }, '/visibleTo'],
    ['an unknown peer', { visibility: 'chosen', visibleTo: ['x'] }, '/visibleTo/0'],
    ['chosen ones who do not count', { visibility: 'none', visibleTo: [] }, '/visibleTo'],
  ])('refuses %s and says where', async (_what, change, pointer) => {
    const { status, body } = await set(change);
    const { code, errors } = body as unknown as Problem;
    expect([status, code, errors?.[0]?.pointer]).toEqual([400, 'validation', pointer]);
  });

  it('is not to be set for a file that is not there', async () => {
    expect(await owner.call('PATCH', '/files/unknown', { visibility: 'none' })).toMatchObject({
      status: 404,
      body: { code: 'file-not-found' },
    });
  });
});
