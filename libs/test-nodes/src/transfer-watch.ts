import { FINAL_TRANSFER_STATES, type Transfer, type TransferState } from '@ferry/protocol';
import type { Api } from './api';
import { EventReader, isEvent, type ServerEvent } from './event-reader';

const WAIT_MS = 45_000;

/**
 * Follows a transfer by its events until `isReached`.
 * @returns the transfer as it was then.
 * @throws Error at once when the transfer ends in another way.
 */
export async function untilTransfer(
  api: Api,
  id: string,
  isReached: (transfer: Transfer) => boolean,
  timeoutMs = WAIT_MS,
): Promise<Transfer> {
  const reader = await EventReader.open(api.origin); // first, so that nothing is missed in between
  try {
    let transfer = await api.transfer(id);
    const what = () => `the transfer, now ${JSON.stringify(transfer)}`;
    if (isSettled(transfer, isReached)) return transfer;
    try {
      for await (const event of reader.from(0, timeoutMs, 'the transfer')) {
        transfer = applied(event, transfer);
        if (isSettled(transfer, isReached)) return transfer;
      }
    } catch (cause) {
      throw new Error(`gave up on ${what()}`, { cause });
    }
    throw new Error(`the event stream ended; ${what()}`);
  } finally {
    reader.close();
  }
}

/** Follows a transfer until it is in `state`. */
export function untilState(api: Api, id: string, state: TransferState, timeoutMs = WAIT_MS): Promise<Transfer> {
  return untilTransfer(api, id, (transfer) => transfer.state === state, timeoutMs);
}

function isSettled(transfer: Transfer, isReached: (transfer: Transfer) => boolean): boolean {
  if (isReached(transfer)) return true;
  const finals: readonly TransferState[] = FINAL_TRANSFER_STATES;
  if (finals.includes(transfer.state)) throw new Error(`the transfer ended otherwise: ${JSON.stringify(transfer)}`);
  return false;
}

function applied(event: ServerEvent, transfer: Transfer): Transfer {
  if (isEvent(event, 'transfers.changed')) return event.data.id === transfer.id ? event.data : transfer;
  if (!isEvent(event, 'transfers.progress')) return transfer;
  const item = event.data.items.find(([id]) => id === transfer.id);
  if (!item) return transfer;
  const [, doneBytes, bytesPerSecond, , verifiedBytes] = item;
  return { ...transfer, doneBytes, bytesPerSecond, verifiedBytes };
}
