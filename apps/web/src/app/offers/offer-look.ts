import { type Offer, type OfferState, formatBytes } from '@ferry/protocol';

export interface OfferLook {
  readonly icon: string;
  readonly word: string;
  readonly tone: string;
}

const LOOKS: Record<OfferState, OfferLook> = {
  waiting: { icon: 'bi-person-check', word: 'Waiting for an answer', tone: 'tone-warning' },
  queued: { icon: 'bi-hourglass', word: 'Queued', tone: 'tone-muted' },
  accepted: { icon: 'bi-arrow-up', word: 'Accepted', tone: 'tone-active' },
  declined: { icon: 'bi-hand-thumbs-down', word: 'Declined', tone: 'tone-muted' },
  withdrawn: { icon: 'bi-slash-circle', word: 'Withdrawn', tone: 'tone-muted' },
  expired: { icon: 'bi-hourglass-bottom', word: 'Not answered in time', tone: 'tone-muted' },
};

/** How an offer made from here looks; an accepted one by how far its receiver has come. */
export function offerLook({ state, doneBytes, files }: Offer): OfferLook {
  if (state !== 'accepted' || doneBytes === undefined) return LOOKS[state];
  if (doneBytes >= files.bytes) return { icon: 'bi-check-lg', word: 'Sent', tone: 'tone-success' };
  return { ...LOOKS.accepted, word: `Sending, ${formatBytes(doneBytes)} of ${formatBytes(files.bytes)} are there` };
}
