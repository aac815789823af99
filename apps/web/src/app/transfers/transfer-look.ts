import type { Transfer, TransferState } from '@ferry/protocol';

export interface TransferLook {
  readonly icon: string;
  readonly word: string;
  readonly tone: 'tone-active' | 'tone-success' | 'tone-danger' | 'tone-warning' | 'tone-muted';
  /** Nothing happens any more without the user. */
  readonly isFinal: boolean;
}

/** How each state looks. Icon and word, because colour alone tells nothing to many people. */
export const TRANSFER_LOOKS: Record<TransferState, TransferLook> = {
  'pending-approval': { icon: 'bi-person-check', word: 'Waiting for approval', tone: 'tone-warning', isFinal: false },
  queued: { icon: 'bi-hourglass', word: 'Queued', tone: 'tone-muted', isFinal: false },
  hashing: { icon: 'bi-hash', word: 'Waiting for hashes', tone: 'tone-active', isFinal: false },
  connecting: { icon: 'bi-plug', word: 'Connecting', tone: 'tone-active', isFinal: false },
  running: { icon: 'bi-arrow-down', word: 'Running', tone: 'tone-active', isFinal: false },
  paused: { icon: 'bi-pause', word: 'Paused', tone: 'tone-muted', isFinal: false },
  'waiting-for-peer': { icon: 'bi-wifi-off', word: 'Waiting for the peer', tone: 'tone-warning', isFinal: false },
  verifying: { icon: 'bi-shield-check', word: 'Verifying', tone: 'tone-active', isFinal: false },
  complete: { icon: 'bi-check-lg', word: 'Complete', tone: 'tone-success', isFinal: true },
  failed: { icon: 'bi-x-lg', word: 'Failed', tone: 'tone-danger', isFinal: true },
  cancelled: { icon: 'bi-slash-circle', word: 'Cancelled', tone: 'tone-muted', isFinal: true },
  declined: { icon: 'bi-hand-thumbs-down', word: 'Declined', tone: 'tone-muted', isFinal: true },
};

/** States of transfers that are not finished. */
export const ACTIVE_STATES = (Object.keys(TRANSFER_LOOKS) as TransferState[]).filter(
  (state) => !TRANSFER_LOOKS[state].isFinal,
);

export function isFinal({ state }: Pick<Transfer, 'state'>): boolean {
  return TRANSFER_LOOKS[state].isFinal;
}
