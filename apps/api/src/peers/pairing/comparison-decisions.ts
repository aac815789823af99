import { PATTERNS, type Pairing } from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import { PeerError } from '../../transport/peer-error';
import { Dialler } from '../dialler';
import { PeerTrust } from '../trust';
import { Comparisons } from './comparisons';
import type { OpenComparison } from './open-comparison';

const NO_ANSWER =
  'The other device did not take the answer: it may or may not trust this one now. Look there, and pair again if needed.';

/** What our own user says to a comparison. */
@Injectable()
export class ComparisonDecisions {
  constructor(
    private readonly comparisons: Comparisons,
    private readonly dialler: Dialler,
    private readonly trust: PeerTrust,
  ) {}

  /**
   * Tells the peer. If both users have said yes, both devices have stored trust when this resolves.
   * @returns the pairing as it is then: comparing as long as the peer's user has not answered.
   * @throws PeerError PAIRING_NOT_FOUND, PAIRING_OVER.
   */
  async confirm(id: string, match: boolean): Promise<Pairing> {
    const open = this.find(id);
    const { comparison, session } = open;
    open.isInTime();
    comparison.confirmHere(match);
    const told = this.dialler.ask(session, PATTERNS.pairConfirm, { match });
    if (match) await this.agree(open, told);
    else open.update(told);
    return comparison.toPairing();
  }

  /** Ends an open comparison; one that ended without trust stays as it is. @throws PeerError PAIRING_NOT_FOUND, PAIRING_OVER. */
  cancel(id: string): void {
    const past = this.comparisons.list().find((pairing) => pairing.id === id);
    if (past?.state === 'failed' || past?.state === 'expired') return;
    this.find(id).fail('You cancelled it. Nothing was shared.');
  }

  private async agree(open: OpenComparison, told: Promise<unknown>): Promise<void> {
    const { comparison, session } = open;
    // The peer trusts us once it has answered, and its first request may come in one packet with the answer.
    const stopExpecting = comparison.isConfirmedThere ? this.trust.expect(session.peerId) : undefined;
    open.update();
    try {
      await told;
      if (comparison.isAgreed) this.comparisons.conclude(open);
    } catch (error) {
      open.fail(NO_ANSWER);
      if (!(error instanceof PeerError)) throw error;
    } finally {
      stopExpecting?.();
    }
  }

  private find(id: string): OpenComparison {
    const { current } = this.comparisons;
    if (current?.comparison.id === id) return current;
    if (this.comparisons.list().some((pairing) => pairing.id === id)) {
      throw new PeerError('PAIRING_OVER', 'This comparison is over: begin a new one if it did not end well.');
    }
    throw new PeerError('PAIRING_NOT_FOUND', 'This pairing is not known any more: begin a new one.');
  }
}
