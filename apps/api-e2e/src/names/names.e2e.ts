import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry, Page, SkippedObjects } from '@ferry/protocol';
import { listTree, NodeGroup, type NodeProcess, untilEntry } from '@ferry/test-nodes';
import { type HostileName, NAME_SETS, nameFault, NAMES, RAW_NAMES } from '../hostile/groups/hostile-names';
import { type Door, putByHand, UPLOAD_DOORS } from './doors';

/** Names passed, by door; the door of peer offers is walked through by the hostile sequences W096 and W097. */
const passed = new Map<string, string>();

const contentOf = ({ id }: HostileName, part = 0) => `${id} ${part}`;

describe('hostile names at the doors of the share', () => {
  const group = new NodeGroup();
  afterAll(async () => {
    await group.dispose();
    for (const [door, count] of passed) process.stderr.write(`hostile names, ${door}: ${count}\n`);
  });

  describe.each(UPLOAD_DOORS.map((door) => [door.title, door] as const))('%s', (title, door) => {
    let node: NodeProcess;
    /** What the node said that it stored, and what must be in it. */
    const stored = new Map<string, string>();
    beforeAll(async () => (node = await group.start('door')));

    const put = async (name: string, content: string, through: Door) => {
      const outcome = await through.put(node, name, content);
      if ('path' in outcome) {
        expect([...stored.keys()]).not.toContain(outcome.path);
        stored.set(outcome.path, content);
      }
      return outcome;
    };

    it('refuses, maps or takes each name as the policy says', async () => {
      const faults: string[] = [];
      let count = 0;
      for (const name of NAMES.filter((each) => door.takes(each.name))) {
        const fault = nameFault(name, await put(name.name, contentOf(name), door));
        if (fault) faults.push(fault);
        else count += 1;
      }
      expect(faults).toEqual([]);
      passed.set(
        title,
        `${count} of ${count}, ${NAMES.length - count} names cannot be said there, ${NAME_SETS.length} sets`,
      );
    }, 120_000);

    it('keeps the files of each set of colliding names apart', async () => {
      for (const set of NAME_SETS) {
        const outcomes: string[] = [];
        for (const [part, name] of set.names.filter((each) => door.takes(each)).entries()) {
          const outcome = await put(name, contentOf(set, part), door);
          outcomes.push('path' in outcome ? 'stored' : outcome.code);
        }
        expect(outcomes.filter((each) => !['stored', 'name-conflict', 'unsafe-path'].includes(each))).toEqual([]);
      }
    }, 60_000);

    it('has all that was stored, each with its own content, and nothing else anywhere', async () => {
      const { shared, root } = node.folders;
      for (const [path, content] of stored) expect(await readFile(join(shared, path), 'utf8')).toBe(content);
      const onDisk = (await listTree(shared)).filter((path) => !path.endsWith('/') && !path.startsWith('.ferry-'));
      expect(onDisk.sort()).toEqual([...stored.keys()].sort());
      expect((await readdir(root)).sort()).toEqual(['data', 'received', 'shared']);
      expect(await listTree(node.folders.outer)).not.toContain('escape.txt');
    });
  });

  describe('files put there by hand', () => {
    it('are all listed under their own name, or skipped with a reason', async () => {
      const node = await group.start('hand');
      const put: HostileName[] = [];
      const all = [...NAMES, ...RAW_NAMES, ...NAME_SETS.flatMap((set) => set.names.map((name) => ({ ...set, name })))];
      for (const name of all) if (await putByHand(node, name, contentOf(name))) put.push(name);
      // Looks at the disk come one after the other: when the second file is listed, the look that found the first is over.
      for (const name of ['the last of all.txt', 'the very last.txt']) {
        await putByHand(node, { id: 'last', name, expect: 'accept' }, 'last');
        await untilEntry(node.api, name, () => true);
      }
      const listed = new Map<string, FileEntry>();
      for (let cursor: string | null = ''; cursor !== null;) {
        const query: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
        const page: Page<FileEntry> = await node.api.get(`/files?scope=shared&kind=file&limit=1000${query}`);
        for (const entry of page.items) listed.set(entry.path, entry);
        cursor = page.nextCursor;
      }
      const skipped = await node.api.get<SkippedObjects>('/files/skipped?scope=shared');
      const reasons = skipped.items.map(({ path, reason }) => `${path}: ${reason}`);
      const told = new Set([...listed.keys(), ...skipped.items.map(({ path }) => path)]);
      const isTold = (path: string) =>
        path.split('/').some((_, at, parts) => told.has(parts.slice(0, at + 1).join('/')));
      expect(put.filter(({ name = '', hex }) => hex === undefined && !isTold(name))).toEqual([]);
      expect([...listed.keys()].filter((path) => /[\p{Cc}\u2028\u2029]/u.test(path))).toEqual([]);
      const raw = put.filter(({ hex }) => hex !== undefined);
      expect(reasons.filter((each) => each.includes('UTF-8'))).toHaveLength(raw.length);
      for (const { id, path, size } of listed.values()) {
        const file = await stat(join(node.folders.shared, path));
        expect(file.size).toBe(size);
        const content = await fetch(`${node.api.origin}/api/v1/files/${id}/content`);
        expect(await content.text()).toBe(await readFile(join(node.folders.shared, path), 'utf8'));
      }
      passed.set(
        'by hand',
        `${put.length} of ${put.length}, ${all.length - put.length} cannot be written in this file system`,
      );
    }, 120_000);
  });
});
