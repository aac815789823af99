import { PATTERNS } from '@ferry/protocol';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import type { Dialler } from '../dialler';

/**
 * Asks the peer for the smallest thing that only a trusted device gets: one entry of its list. Any answer but
 * NOT_PAIRED shows trust; hello alone does not, since strangers may say it.
 * @throws PeerError NOT_PAIRED, SESSION_CLOSED, TIMEOUT.
 */
export async function checkTrust(session: PeerSession, dialler: Dialler): Promise<void> {
  try {
    await dialler.ask(session, PATTERNS.filesList, { limit: 1 });
  } catch (error) {
    const isAnswer = error instanceof PeerError && error.code === 'REMOTE';
    if (!isAnswer) throw error;
  }
}
