import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BLOCK_BYTES, ProtocolError, type RequestMessage } from '@ferry/protocol';
import fc from 'fast-check';
import { TestNode } from '../peers/testing/test-node';
import { PeerContext } from './peer-context';
import type { PeerSession } from './peer-session';
import { listenInMemory, MemoryHost, MemoryLink } from './testing/campaign/memory-link';
import { anyMutation, framesOf, mutate } from './testing/campaign/mutations';
import { recordSessions } from './testing/campaign/recordings';

const FUZZ_FACTOR = Number(process.env['FERRY_FUZZ_FACTOR'] ?? 1);
const MUTANTS = 10_000 * FUZZ_FACTOR;
const CONTENT = 'x'.repeat(2 * BLOCK_BYTES + 9_000);

/** Every file under `folder` with the hash of what it holds. */
function treeOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    })
    .sort();
}

describe('a node', () => {
  let node: TestNode;
  let host: MemoryHost;
  let answered = 0;
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);

  /** Requests reach the handlers of the whole node, over sessions in memory. */
  const answer = async (session: PeerSession, { pattern, data }: RequestMessage, signal: AbortSignal) => {
    answered += 1;
    const handler = node.transport.getHandlerByPattern(pattern);
    if (!handler) throw new ProtocolError('UNKNOWN_PATTERN', `no request is called ${pattern}`);
    return handler(data, new PeerContext([session, true, signal]));
  };

  beforeAll(async () => {
    node = await TestNode.start({ name: 'mutants' });
    await node.upload('a large.txt', CONTENT);
    await node.upload('small.txt', 'hello');
    await node.upload('empty.txt', '');
    const isReady = ([type, data]: [string, unknown]): boolean =>
      type === 'files.changed' && (data as { state: string }).state === 'ready';
    await node.until(() => node.published().filter(isReady).length >= 3);
    host = new MemoryHost('mutants', answer);
    await pairWithMemory();
    process.on('unhandledRejection', note);
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await node.remove();
  });

  /** Trusts the device that all sessions in memory come from. */
  async function pairWithMemory(): Promise<void> {
    const link = await MemoryLink.open(new MemoryHost('recorded', answer), host);
    node.peers.trust(link.listener);
    await link.close();
  }

  /** Feeds one stream to a fresh session, a piece a turn of the loop, then ends it. */
  async function replay(bytes: Uint8Array): Promise<void> {
    const { session, stream } = listenInMemory(host);
    stream.resume();
    for (const frame of framesOf(bytes)) {
      if (stream.destroyed) break;
      stream.write(frame);
      await new Promise((resolve) => setImmediate(resolve));
    }
    stream.end();
    await session.gone;
  }

  it(
    `campaign P5: outlives what became of 20 recorded sessions (${MUTANTS} mutants)`,
    async () => {
      const recordings = await recordSessions(host);
      expect(recordings).toHaveLength(20);
      const shared = join(node.folder, 'shared_files');
      const before = treeOf(shared);
      answered = 0;
      const index = fc.nat(recordings.length - 1);
      const mutations = fc.array(anyMutation, { minLength: 1, maxLength: 3 });

      await fc.assert(
        fc.asyncProperty(index, index, mutations, fc.nat(3), async (which, otherOne, changes, luck) => {
          const recording = recordings[which] ?? new Uint8Array();
          // Of four mutants three say a proper hello, as what comes behind it is worth more.
          const kept = luck > 0 ? (framesOf(recording)[0]?.length ?? 0) : 0;
          const other = recordings[otherOne] ?? new Uint8Array();
          const mutant = changes.reduce(
            (bytes: Uint8Array, change) => (bytes.length === 0 ? bytes : mutate(bytes, change, other)),
            recording.subarray(kept),
          );
          await replay(Buffer.concat([recording.subarray(0, kept), mutant]));
          if (host.faults.length > 0) throw new Error('A fault of our own', { cause: host.faults[0] });
        }),
        { numRuns: MUTANTS },
      );

      expect(answered).toBeGreaterThan(MUTANTS / 3); // enough of them get as far as a handler
      expect(unhandled).toEqual([]);
      expect(treeOf(shared)).toEqual(before);
      expect((await node.call('GET', '/files')).body['total']).toBe(before.length);
    },
    240_000 * FUZZ_FACTOR,
  );
});
