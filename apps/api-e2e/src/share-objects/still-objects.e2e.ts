import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry, Page, SkippedObjects } from '@ferry/protocol';
import { NodeGroup, type NodeProcess, untilEntry } from '@ferry/test-nodes';
import type { HostileObject, ObjectGround } from './hostile-object';
import { STILL_OBJECTS } from './objects';
import { withoutOverride } from './without-override';

const SECRET = 'this lies outside of the share';
const MAX_READ = 1_048_576;

/** Objects that this system could not make, by id. */
const missing = new Map<string, string>();

async function make(object: HostileObject, ground: ObjectGround): Promise<void> {
  await mkdir(ground.folder, { recursive: true });
  await writeFile(join(ground.folder, 'marker.txt'), `beside ${object.id}`);
  try {
    await object.make(ground);
  } catch (error) {
    missing.set(object.id, error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

describe('hostile objects in the share, there at the start', () => {
  const group = new NodeGroup();
  const undo: (() => Promise<unknown>)[] = [];
  let node: NodeProcess;
  let listed: ReadonlyMap<string, FileEntry>;
  let skipped: SkippedObjects;

  beforeAll(async () => {
    node = await group.create('objects', { launcher: withoutOverride() });
    await writeFile(join(node.folders.root, 'secret.txt'), SECRET, { mode: 0o600 });
    for (const object of STILL_OBJECTS) {
      const folder = join(node.folders.shared, object.id);
      await make(object, { folder, outside: node.folders.root, defer: (work) => undo.unshift(work) });
    }
    await node.start();
    const page = await node.api.get<Page<FileEntry>>('/files?scope=shared&kind=file&limit=1000');
    listed = new Map(page.items.map((entry) => [entry.path, entry]));
    // What may not be read is noticed when it is to be hashed, small files first.
    for (const { id } of STILL_OBJECTS) await untilEntry(node.api, `${id}/marker.txt`);
    skipped = await node.api.get<SkippedObjects>('/files/skipped?scope=shared');
  }, 60_000);
  afterAll(async () => {
    await node.stop(); // what it watches cannot be unmounted
    for (const work of undo) await work().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    await group.dispose();
    for (const [id, why] of missing)
      process.stderr.write(`share objects: SKIPPED ${id}, this system cannot make it: ${why}\n`);
  });

  const reasonsBelow = (folder: string) =>
    skipped.items.filter(({ path }) => path === folder || path.startsWith(`${folder}/`)).map(({ reason }) => reason);

  describe.each(STILL_OBJECTS)('$id: $title', ({ id, expected }) => {
    it.each(
      expected.map((each) => [JSON.stringify('listed' in each ? each.listed : String(each.skipped)), each] as const),
    )('comes out as %s', (_, each) => {
      if (missing.has(id)) return;
      if ('skipped' in each) expect(reasonsBelow(id).join('; ')).toMatch(each.skipped);
      else expect(listed.get(`${id}/${each.listed}`)).toMatchObject({ size: each.size });
    });

    it('leaves the file beside it readable', async () => {
      const marker = await untilEntry(node.api, `${id}/marker.txt`);
      const { body } = await node.api.fetch<string>(`/api/v1/files/${marker.id}/content`);
      expect(body).toBe(`beside ${id}`);
    });
  });

  it('gives out nothing that lies outside of the share', async () => {
    for (const { id, size } of listed.values()) {
      if (size > MAX_READ) continue;
      const { body } = await node.api.fetch(`/api/v1/files/${id}/content`);
      expect(JSON.stringify(body)).not.toContain(SECRET);
    }
    expect([...listed.keys()].filter((path) => path.endsWith('secret.txt'))).toEqual([]);
  });

  it('hashes what comes while a huge file is being hashed', async () => {
    await writeFile(join(node.folders.shared, 'late.txt'), 'put here later');
    await untilEntry(node.api, 'late.txt');
    const huge = listed.get('S16/object');
    if (huge) expect((await node.api.file(huge.id)).state).toBe('hashing');
  });

  it('keeps an immutable file that somebody wants to delete', async () => {
    const entry = listed.get('S24/object');
    if (missing.has('S24') || !entry) return;
    const answer = await node.api.call('DELETE', `/files/${entry.id}`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await node.api.file(entry.id)).toMatchObject({ path: entry.path, size: 9 });
  });

  it('ends at once, with a huge file half hashed', async () => {
    const startedAt = Date.now();
    expect(await node.stop()).toMatchObject({ code: 0 });
    expect(Date.now() - startedAt).toBeLessThan(10_000); // the limit after which it would be killed
    await node.start();
  });
});
