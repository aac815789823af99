import { EventReader, isEvent, NodeGroup, type NodeProcess, type ServerEvent, untilEntry } from '@ferry/test-nodes';

/** Whether an event says that the file at `path` was added. */
function isAdded(event: ServerEvent, path: string): boolean {
  return isEvent(event, 'files.added') && event.data.path === path;
}

describe('live events', () => {
  const group = new NodeGroup();
  let node: NodeProcess;

  beforeAll(async () => {
    node = await group.start('node');
  });
  afterAll(() => group.dispose());

  it('begin with who speaks, and tell of a new file at once', async () => {
    const reader = await EventReader.open(node.api.origin);
    expect(reader.seen[0]).toMatchObject({ type: 'node.hello', data: { epoch: expect.any(String) as string } });
    await node.api.upload({ name: 'live.txt', content: 'x' });
    await reader.find((event) => isAdded(event, 'live.txt'), 5_000, 'files.added');
    reader.close();
  });

  it('are replayed after a reconnect: none missing, none twice', async () => {
    const first = await EventReader.open(node.api.origin);
    await node.api.upload({ name: 'before.txt', content: 'x' });
    const last = await first.find((event) => isAdded(event, 'before.txt'), 5_000, 'files.added');
    first.close();
    await node.api.upload({ name: 'between.txt', content: 'x' });
    await untilEntry(node.api, 'between.txt');

    const second = await EventReader.open(node.api.origin, last.id);
    await node.api.upload({ name: 'after.txt', content: 'x' });
    await second.find((event) => isAdded(event, 'after.txt'), 5_000, 'files.added');
    second.close();
    const names = second.seen.flatMap((event) => (isEvent(event, 'files.added') ? [event.data.path] : []));
    expect(names).toEqual(['between.txt', 'after.txt']);
    const numbers = second.seen.slice(1).map((event) => Number(event.id.split('.')[1]));
    const start = Number(last.id.split('.')[1]);
    expect(numbers).toEqual(numbers.map((_, index) => start + 1 + index));
    expect(second.seen.map((event) => event.type)).not.toContain('resync');
  });

  it.each(['0000.5', 'nonsense'])('ask to read everything again after the unknown id %s', async (id) => {
    const reader = await EventReader.open(node.api.origin, id);
    await reader.find((event) => isEvent(event, 'resync'), 5_000, 'resync');
    reader.close();
  });

  it('ask to read everything again after a restart of the node', async () => {
    const before = await EventReader.open(node.api.origin);
    const { id } = before.seen[0] as ServerEvent;
    before.close();
    await node.stop();
    await node.start();
    const reader = await EventReader.open(node.api.origin, id);
    await reader.find((event) => isEvent(event, 'resync'), 5_000, 'resync');
    reader.close();
  });
});
