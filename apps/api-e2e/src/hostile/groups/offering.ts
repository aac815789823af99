import { randomUUID } from 'node:crypto';
import { FrameType, type Offer, type Page, PATTERNS, type RemoteEntry } from '@ferry/protocol';
import { OfferedFile } from '../../support/offered-file';
import { responseFrame } from '../../support/raw-frame';
import type { RawWire, ReceivedFrame } from '../../support/raw-wire';
import { servesFiles } from '../../support/serve-files';
import type { Ground } from '../ground';
import type { PairedAttacker } from './paired-wire';

/** One page of `offer.files`: entries that may be no entries. */
export interface OfferPage {
  readonly entries: readonly unknown[];
  readonly nextCursor: string | null;
}

export type OfferPages = (cursor: string | undefined) => OfferPage;

/** What `offer.make` says, right or wrong. */
export interface OfferClaims {
  readonly offerId?: string;
  readonly count: number;
  readonly bytes: number;
  readonly message?: string;
}

/** A file that only one case offers. */
export function smallFile(path: string, content = `content of ${path}`): OfferedFile {
  return new OfferedFile(randomUUID(), path, Buffer.from(content));
}

/** All files on one page. */
export function onePage(entries: readonly unknown[]): OfferPages {
  return () => ({ entries, nextCursor: null });
}

/** True number and sum of files. */
export function claimsOf(entries: readonly Pick<RemoteEntry, 'size'>[]): OfferClaims {
  return { count: entries.length, bytes: entries.reduce((sum, { size }) => sum + size, 0) };
}

/** Makes an offer; resolves with what the node answers to it. */
export function makeOffer(wire: RawWire, claims: OfferClaims): Promise<ReceivedFrame> {
  return wire.ask(PATTERNS.offerMake, { offerId: randomUUID(), lifetimeMs: 600_000, ...claims });
}

/** From now on the attacker lists its offer so, and serves these files. */
export function lists(wire: RawWire, pages: OfferPages, files: readonly OfferedFile[] = []): void {
  for (const [pattern, answer] of Object.entries(servesFiles(files))) wire.answers.set(pattern, answer);
  wire.answers.set(PATTERNS.offerFiles, (_wire, stream, data) => {
    wire.send(responseFrame(stream, pages((data as { cursor?: string }).cursor)));
  });
  wire.answers.set(PATTERNS.offerAnswer, (_wire, stream) => wire.send(responseFrame(stream, {})));
}

/** Makes an offer that the node takes in. @returns it as the node's user sees it. */
export async function offered(
  ground: Ground,
  { wire, deviceId }: PairedAttacker,
  claims: OfferClaims,
  pages: OfferPages,
  files: readonly OfferedFile[] = [],
): Promise<Offer> {
  lists(wire, pages, files);
  const answer = await makeOffer(wire, claims);
  if (answer.header.type !== FrameType.RESPONSE) throw new Error(`the offer was refused: ${wire.story()}`);
  const [offer] = await offersOf(ground, deviceId);
  if (!offer) throw new Error('the node does not list the offer');
  return offer;
}

/** Offers of one device that wait for an answer. */
export async function offersOf({ node }: Ground, deviceId: string): Promise<readonly Offer[]> {
  const { items } = await node.api.get<Page<Offer>>('/offers?direction=in&limit=1000');
  return items.filter(({ peerId, state }) => peerId === deviceId && state === 'waiting');
}
