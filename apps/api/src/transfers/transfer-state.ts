import { FINAL_TRANSFER_STATES, type TransferState } from '@ferry/protocol';

/**
 * Every legal step of a transfer. What is not listed cannot happen.
 * Stopping states are left only by the user (resume, retry) or by the peer coming back.
 */
const NEXT: Record<TransferState, readonly TransferState[]> = {
  'pending-approval': ['queued', 'declined', 'cancelled'],
  queued: ['connecting', 'paused', 'cancelled'],
  connecting: ['hashing', 'running', 'verifying', 'queued', 'waiting-for-peer', 'paused', 'failed', 'cancelled'],
  hashing: ['running', 'verifying', 'queued', 'waiting-for-peer', 'paused', 'failed', 'cancelled'],
  running: ['hashing', 'verifying', 'queued', 'waiting-for-peer', 'paused', 'failed', 'cancelled'],
  verifying: ['running', 'hashing', 'complete', 'queued', 'waiting-for-peer', 'paused', 'failed', 'cancelled'],
  'waiting-for-peer': ['queued', 'paused', 'cancelled'],
  paused: ['queued', 'cancelled'],
  failed: ['queued'],
  complete: [],
  cancelled: [],
  declined: [],
};

/** @returns whether a transfer may go from `from` to `to`. */
export function canBecome(from: TransferState, to: TransferState): boolean {
  return NEXT[from].includes(to);
}

/** @returns whether nothing more happens to the transfer without the user. */
export function isFinal(state: TransferState): boolean {
  return (FINAL_TRANSFER_STATES as readonly TransferState[]).includes(state);
}

/** States in which an engine run owns the transfer. */
export const RUNNING_STATES = [
  'connecting',
  'hashing',
  'running',
  'verifying',
] as const satisfies readonly TransferState[];

/** States that a start of the node puts back into the queue: the run they belonged to is gone. */
export const INTERRUPTED_STATES = [...RUNNING_STATES, 'waiting-for-peer'] as const satisfies readonly TransferState[];

export function isRunning(state: TransferState): boolean {
  return (RUNNING_STATES as readonly TransferState[]).includes(state);
}
