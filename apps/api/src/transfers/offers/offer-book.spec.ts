import type { OfferState } from '@ferry/protocol';
import { OfferBook } from './offer-book';
import { OfferProgress } from './offer-progress';
import type { IncomingOffer, OfferRecord, OutgoingOffer } from './offer-record';
import { OfferedEntries } from './offered-entries';
import { ShownEntries } from './shown-entries';

/** Nothing is looked up for an offer of nothing. */
const nothing = (): never => {
  throw new Error('looked up');
};
const NO_CATALOGUE = { get: nothing, below: nothing };

describe('the book of offers', () => {
  let book: OfferBook;
  let forgotten: string[];
  let seq: number;
  let entries: OfferedEntries;

  beforeAll(async () => {
    entries = await OfferedEntries.take(NO_CATALOGUE, []);
  });

  beforeEach(() => {
    forgotten = [];
    seq = 0;
    book = new OfferBook(
      2,
      ({ state }) => state !== 'waiting',
      ({ id }) => forgotten.push(id),
    );
  });

  const basics = (state: OfferState, peerId: string) => ({
    seq: (seq += 1),
    id: String(seq),
    offerId: 'same',
    peerId,
    count: 1,
    bytes: 1,
    lifetimeMs: 1,
    createdAt: 0,
    state,
  });

  function incoming(state: OfferState = 'waiting', peerId = `peer ${seq}`): IncomingOffer {
    const offer = {
      ...basics(state, peerId),
      direction: 'in' as const,
      shown: new ShownEntries(),
      isBeingAccepted: false,
      isUnasked: false,
    };
    book.add(offer);
    return offer;
  }

  function outgoing(state: OfferState = 'waiting', peerId = `peer ${seq}`): OutgoingOffer {
    const progress = new OfferProgress(1);
    const offer = { ...basics(state, peerId), direction: 'out' as const, entries, progress, release: () => undefined };
    book.add(offer);
    return offer;
  }

  const ids = (offers: readonly OfferRecord[]) => offers.map(({ id }) => id);

  it('lists the newest first', () => {
    const all = [incoming(), outgoing(), incoming()];
    expect(ids(book.all())).toEqual(ids(all).reverse());
    expect(ids(book.open('in'))).toEqual(['3', '1']);
    expect(book.find('2')).toBe(all[1]);
  });

  it('keeps apart what two peers call the same, and what both directions do', () => {
    const [a, b, c] = [incoming('waiting', 'A'), incoming('waiting', 'B'), outgoing('waiting', 'A')];
    expect(book.incoming('A', 'same')).toBe(a);
    expect(book.incoming('B', 'same')).toBe(b);
    expect(book.outgoing('A', 'same')).toBe(c);
    expect(book.outgoing('B', 'same')).toBeUndefined();
    expect(book.open('in', 'B')).toEqual([b]);
  });

  it('forgets the oldest that are over, of each direction by itself, and never what is open', () => {
    incoming();
    outgoing('declined');
    for (const state of ['declined', 'expired', 'withdrawn', 'declined'] as const) incoming(state);
    expect(forgotten).toEqual(['3', '4']);
    expect(ids(book.all())).toEqual(['6', '5', '2', '1']);
    expect(book.find('3')).toBeUndefined();
  });
});
