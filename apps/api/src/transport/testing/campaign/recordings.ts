import { BLOCK_BYTES, EVENTS, parseFilesListResponse, PATTERNS } from '@ferry/protocol';
import type { DataReceiver } from '../../data-answer';
import type { PeerSession } from '../../peer-session';
import type { SessionHost } from '../../session-host';
import { MemoryHost, MemoryLink } from './memory-link';
import { TestHandlers } from './test-handlers';

/** What one recorded client does. */
type Script = (session: PeerSession, files: readonly SharedFile[]) => Promise<unknown>;

interface SharedFile {
  readonly entryId: string;
  readonly fileId: string;
  readonly blocks: number;
}

const sink = (): DataReceiver => ({ begin: () => undefined, bytes: () => undefined, end: () => undefined });
const ask = (session: PeerSession, pattern: string, data: unknown): Promise<unknown> =>
  session.request(pattern, data).catch((error: unknown) => error);
const askData = (session: PeerSession, pattern: string, data: unknown, signal?: AbortSignal): Promise<unknown> =>
  session.requestData(pattern, data, sink(), signal).catch((error: unknown) => error);
const list = (session: PeerSession, data: object): Promise<unknown> => ask(session, PATTERNS.filesList, data);
const head = (session: PeerSession, entryId: string): Promise<unknown> =>
  askData(session, PATTERNS.fileManifest, { entryId, firstBlock: 0, blockCount: 0 });
const manifest = (session: PeerSession, { entryId, blocks }: SharedFile): Promise<unknown> =>
  askData(session, PATTERNS.fileManifest, { entryId, firstBlock: 0, blockCount: blocks });
const read = (session: PeerSession, fileId: string, ranges: unknown, signal?: AbortSignal): Promise<unknown> =>
  askData(session, PATTERNS.fileRead, { fileId, ranges }, signal);
const proof = Buffer.alloc(32, 7).toString('base64url');

/** Twenty sessions that between them use every pattern, every frame type and every way to end. */
const SCRIPTS: readonly Script[] = [
  (session) => list(session, {}),
  (session) => list(session, { limit: 1, sort: '-size' }),
  (session) => list(session, { q: 'a', limit: 1_000 }),
  (session) => list(session, { cursor: 'unknown' }),
  (session, files) => Promise.all(files.map(({ entryId }) => head(session, entryId))),
  (session, files) => Promise.all(files.map((file) => manifest(session, file))),
  (session, [file]) =>
    askData(session, PATTERNS.fileManifest, { entryId: file?.entryId, firstBlock: 1, blockCount: 1 }),
  (session, [file]) => read(session, file?.fileId ?? '', [[0, 1]]),
  (session, [file]) => read(session, file?.fileId ?? '', [[0, 1], [2, 1]]), // prettier-ignore
  (session, [file]) => Promise.all([0, 1, 2].map((block) => read(session, file?.fileId ?? '', [[block, 1]]))),
  (session, [file]) => read(session, file?.fileId ?? '', [[0, 3]], AbortSignal.timeout(1)),
  (session) => head(session, 'nothing'),
  (session) => read(session, '0'.repeat(64), [[0, 1]]),
  (session) => ask(session, PATTERNS.pairClaim, { proof }),
  (session) => ask(session, PATTERNS.pairStart, { commitment: proof }),
  (session) => ask(session, PATTERNS.offerMake, { offerId: 'offer-1', count: 1, bytes: 5, lifetimeMs: 60_000 }),
  (session) => ask(session, PATTERNS.transferStatus, { offerId: 'offer-1' }),
  (session) => ask(session, 'no.such-pattern', { nested: [[[1]]] }),
  async (session) => {
    session.notify(EVENTS.shareChanged, {});
    session.notify(EVENTS.blocksAvailable, { fileId: '0'.repeat(64), ranges: [[0, 1]] });
    session.notify('unknown.event', null);
    await session.ping();
  },
  async (session, files) => {
    await Promise.all([session.ping(), list(session, {}), ...files.map((file) => manifest(session, file))]);
    await read(session, files[0]?.fileId ?? '', [[1, 1]]);
  },
];

/**
 * The bytes that a real client sends in each of these sessions, from its hello to its goodbye.
 * @param listening answers as the node under test does.
 */
export async function recordSessions(listening: SessionHost): Promise<Uint8Array[]> {
  const files = await sharedFiles(listening);
  const recordings: Uint8Array[] = [];
  for (const script of SCRIPTS) recordings.push(await record(listening, (session) => script(session, files)));
  return recordings;
}

async function record(listening: SessionHost, script: (session: PeerSession) => Promise<unknown>): Promise<Uint8Array> {
  const link = await MemoryLink.open(new MemoryHost('recorded', new TestHandlers().answer), listening);
  await script(link.dialler);
  await link.close();
  return Buffer.concat(link.there.bytes);
}

/** Largest first. */
async function sharedFiles(listening: SessionHost): Promise<SharedFile[]> {
  const link = await MemoryLink.open(new MemoryHost('recorded', new TestHandlers().answer), listening);
  const { entries } = parseFilesListResponse(await link.dialler.request(PATTERNS.filesList, { sort: '-size' }));
  await link.close();
  return entries.map(({ id, fileId, size }) => {
    if (!fileId) throw new Error('A file is not hashed yet');
    return { entryId: id, fileId, blocks: Math.ceil(size / BLOCK_BYTES) };
  });
}
