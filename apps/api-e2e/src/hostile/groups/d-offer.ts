import { randomUUID } from 'node:crypto';
import { FrameType, type Offer, type Problem, type Transfer } from '@ferry/protocol';
import { type Answer, listVisible, untilState } from '@ferry/test-nodes';
import { expectProblem } from '../../support/expect-problem';
import { OfferedFile } from '../../support/offered-file';
import { rawFrame, responseFrame } from '../../support/raw-frame';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { IS_FULL } from '../mode';
import { expectAlive, expectClosedAfter, expectErrorReply } from '../verdicts';
import { inForms } from './forms';
import { claimsOf, lists, makeOffer, offered, type OfferPages, offersOf, onePage, smallFile } from './offering';
import { onPairedWire, type PairedAttacker } from './paired-wire';
import { acceptsTampered, MANIFEST, untilFailed } from './receiving';

/** `FERRY_MAX_FILE_SIZE` of the node in this group. */
export const MAX_FILE_SIZE = 32 * 1_048_576;
const MIB = 1_048_576;
/** As many files as an offer may have, in the long run; a list without end is noticed behind them. */
const ENDLESS_FILES = IS_FULL ? 100_000 : 10_000;
const ENDLESS_PAGE = 400;
const DEEP_FILES = IS_FULL ? 2_000 : 400;
const DEEP_PAGE = 150;
/** For looking through such a list; more on a busy machine. */
const DEEP_LIST_MS = IS_FULL ? 2_000 : 15_000;

/** Accepting ends session and offer, and nothing begins. */
async function expectThrownAway(ground: Ground, { wire, deviceId }: PairedAttacker, { id }: Offer): Promise<void> {
  const { api } = ground.node;
  let accepted: Promise<Answer<Problem>> | undefined;
  await expectClosedAfter(
    wire,
    () => (accepted = api.call<Problem>('POST', `/offers/${id}/accept`, {})),
    'MALFORMED_MESSAGE',
  );
  expectProblem(await (accepted as unknown as Promise<Answer<Problem>>), 502, 'peer-refused');
  expect((await api.offer(id)).state).toBe('withdrawn');
  const { items } = await api.get<{ items: Transfer[] }>('/transfers?limit=1000');
  expect(items.filter(({ peerIds }) => peerIds.includes(deviceId))).toEqual([]);
}

/** Files of one byte, page after page, as long as somebody asks. */
const endless: OfferPages = (cursor = '0') => {
  const first = Number(cursor);
  const entries = Array.from({ length: ENDLESS_PAGE }, (_, index) => {
    const name = `${first + index}.bin`;
    return { id: name, name, path: `w088/${name}`, size: 1, ...ENTRY_REST };
  });
  return { entries, nextCursor: String(first + ENDLESS_PAGE) };
};
const ENTRY_REST = { mediaType: 'a/b', modifiedAt: '2024-01-01T00:00:00Z', kind: 'file', state: 'ready' };

const [one, two] = [smallFile('w09x-one.bin'), smallFile('w09x-two.bin')];

/** What offers claim and lists say, where both do not go together. */
const CONTRADICTIONS: readonly (readonly [count: number, bytes: number, pages: OfferPages])[] = [
  [1, one.entry.size + 1, onePage([one.entry])],
  [1, one.entry.size - 1, onePage([one.entry])],
  [2, one.entry.size, onePage([one.entry])],
  [1, one.entry.size + two.entry.size, onePage([one.entry, two.entry])],
];

type Switch = (ground: Ground, attacker: PairedAttacker, role: Role) => Promise<void>;

const listsTwice =
  (second: object): Switch =>
  async (ground, attacker) => {
    const pages: OfferPages = (cursor) => ({ entries: [cursor ? second : one.entry], nextCursor: cursor ? null : 'x' });
    const claims = { count: 2, bytes: 2 * one.entry.size };
    await expectThrownAway(ground, attacker, await offered(ground, attacker, claims, pages));
  };

/** The user has looked at one list and gets another. */
const showsOther: Switch = async (ground, attacker) => {
  const offer = await offered(ground, attacker, claimsOf([one.entry]), onePage([one.entry]));
  expect((await ground.node.api.offerFiles(offer.id)).items).toMatchObject([{ path: one.path }]);
  lists(attacker.wire, onePage([{ ...one.entry, name: 'other.bin', path: 'other.bin' }]));
  await expectThrownAway(ground, attacker, offer);
};

/** What was accepted turns into something else: no broken rule, as files change, but it is not received. */
const sendsOther: Switch = async (ground, attacker, role) => {
  const file = smallFile(`w102-${role}.bin`);
  const head = { ...file.head, name: 'other.bin', path: 'other.bin' };
  const transferId = await acceptsTampered(ground, attacker, file, {
    [MANIFEST]: (wire, stream) => wire.send(responseFrame(stream, head)),
  });
  expect((await untilFailed(ground, transferId)).error).toMatchObject({ code: 'file-changed' });
  const received = await listVisible(ground.node.folders.received);
  expect(received.filter((path) => path === file.path || path === 'other.bin')).toEqual([]);
};

/** The offer as a whole. */
export const OFFER_ROWS: readonly HostileCase[] = [
  ...onPairedWire('W087', 'E', 'no files', async (ground, { wire, deviceId }) => {
    await expectErrorReply(wire, makeOffer(wire, { count: 0, bytes: 0 }), 'OFFER_REFUSED');
    expect(await offersOf(ground, deviceId)).toEqual([]);
  }),

  ...onPairedWire(
    'W088',
    'E',
    '1,000,000 files; and a list that goes on behind the files that were offered',
    async (ground, attacker) => {
      const { wire } = attacker;
      await expectErrorReply(wire, makeOffer(wire, { count: 1_000_000, bytes: 1_000_000 }), 'OFFER_REFUSED');
      const claims = { count: ENDLESS_FILES, bytes: ENDLESS_FILES };
      await expectThrownAway(ground, attacker, await offered(ground, attacker, claims, endless));
    },
  ),

  ...onPairedWire(
    'W090',
    'E',
    'a file over the size limit: refused, alone of an offer too',
    async (ground, attacker, role) => {
      const { wire } = attacker;
      const { api, folders } = ground.node;
      await expectErrorReply(wire, makeOffer(wire, { count: 1, bytes: MAX_FILE_SIZE + 1 }), 'OFFER_REFUSED');
      const size = MAX_FILE_SIZE + 1;
      const blockCount = MAX_FILE_SIZE / MIB + 1;
      const big = new OfferedFile(randomUUID(), `w090-${role}-big.bin`, Buffer.from('x'), undefined, {
        size,
        blockCount,
      });
      const small = smallFile(`w090-${role}-small.bin`);
      ground.field.expectPath(/^received\/w090/);
      const entries = [big.entry, small.entry];
      const { id } = await offered(ground, attacker, claimsOf(entries), onePage(entries), [big, small]);
      const { transferId = '' } = await api.acceptOffer(id);
      expect((await untilFailed(ground, transferId)).error).toMatchObject({ code: 'file-too-large' });
      const received = await listVisible(folders.received);
      expect(received).toContain(small.path);
      expect(received).not.toContain(big.path);
      const pull = await api.call('POST', '/transfers', { peerId: attacker.deviceId, entryIds: [big.id] });
      expectProblem(pull, 413, 'file-too-large');
      await expectAlive(wire);
    },
  ),

  ...inForms(
    'W091',
    'K',
    'files and bytes that are not those of the offer',
    CONTRADICTIONS,
    async (ground, attacker, [count, bytes, pages]) => {
      await expectThrownAway(ground, attacker, await offered(ground, attacker, { count, bytes }, pages));
    },
  ),

  ...inForms(
    'W102',
    'K',
    'pages that contradict each other, or what the user was shown; another file than the accepted one',
    [listsTwice(one.entry), listsTwice({ ...one.entry, size: 1 }), showsOther, sendsOther],
    (ground, attacker, change, role) => change(ground, attacker, role),
  ),

  ...onPairedWire('W104', 'OK', `${DEEP_FILES} files under one tree of 64 levels`, async (ground, attacker, role) => {
    ground.field.expectPath(/^received\/w104/);
    const folder = `w104-${role}/${'d/'.repeat(62)}`;
    const files = Array.from({ length: DEEP_FILES }, (_, index) => smallFile(`${folder}${index}.bin`, ''));
    const entries = files.map(({ entry }) => entry);
    const pages: OfferPages = (cursor = '0') => {
      const end = Number(cursor) + DEEP_PAGE;
      return {
        entries: entries.slice(Number(cursor), end),
        nextCursor: end < entries.length ? String(end) : null,
      };
    };
    const { id } = await offered(ground, attacker, claimsOf(entries), pages, files);
    const startedAt = performance.now();
    const { transferId = '' } = await ground.node.api.acceptOffer(id);
    expect(performance.now() - startedAt).toBeLessThan(DEEP_LIST_MS);
    await untilState(ground.node.api, transferId, 'complete', 120_000);
  }),

  ...onPairedWire(
    'W105',
    'OK',
    'a message of 40 KiB with links and escapes; one of 1 MiB',
    async (ground, attacker) => {
      const text = `\u001b[2J\u202e<a href="https://evil.example/">click</a>\r\nhttps://evil.example/ `;
      const message = text.repeat(40_000 / text.length);
      const offer = await offered(ground, attacker, { ...claimsOf([one.entry]), message }, onePage([one.entry]));
      expect(offer.message).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(offer.message).toContain('<a href="https://evil.example/">click</a>'); // text, which the page escapes
      expect([...(offer.message ?? '')].length).toBeLessThanOrEqual(1_024);
      await expectAlive(attacker.wire);
      const header = { type: FrameType.REQUEST, stream: attacker.wire.newStream(), length: MIB + 100 };
      await expectClosedAfter(attacker.wire, () => attacker.wire.send(rawFrame(header)), 'FRAME_TOO_LARGE');
    },
  ),
];
