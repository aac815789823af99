import {
  fromBase64Url,
  ProtocolError,
  toBase64Url,
  type PairConfirm,
  type PairReveal,
  type PairStart,
  type PairStarted,
} from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import type { PeerSession } from '../../transport/peer-session';
import { LocalDevice } from '../local-device';
import type { ClaimTurn } from './claim-turn';
import { Comparisons } from './comparisons';
import type { OpenComparison } from './open-comparison';
import { PairingModeService } from './pairing-mode.service';

/** Answers what other devices ask for a pairing by comparison. Who breaks its rules loses the session. */
@Injectable()
export class ComparisonAnswers {
  constructor(
    private readonly local: LocalDevice,
    private readonly mode: PairingModeService,
    private readonly comparisons: Comparisons,
  ) {}

  /** @throws ProtocolError PAIRING_CLOSED, TOO_MANY_REQUESTS, UNEXPECTED_MESSAGE. */
  async start(session: PeerSession, { commitment }: PairStart): Promise<PairStarted> {
    const bytes = bytesOf(commitment);
    if (this.comparisons.current?.comparison.isOwn(bytes)) throw broken(session, 'a value of ours came back');
    const claim = await this.claimThatYields(session.peerId);
    if (claim) this.comparisons.current?.fail('The other device began one at the same time.');
    else this.admit(session);
    const open = this.comparisons.begin(session, { commitment: bytes });
    open.awaitReveal();
    claim?.adopt(open);
    return { nonce: toBase64Url(open.comparison.nonce) };
  }

  /** @throws ProtocolError UNEXPECTED_MESSAGE, PAIRING_EXPIRED. */
  reveal(session: PeerSession, { nonce }: PairReveal): void {
    const open = this.openOn(session);
    if (open.comparison.isInitiator) throw broken(session, 'there is nothing to reveal', open);
    this.judge(open, () => open.comparison.takePeerNonce(bytesOf(nonce)));
    open.show();
  }

  /** When this returns and both users have said yes, trust is on the disk. @throws ProtocolError UNEXPECTED_MESSAGE, PAIRING_EXPIRED. */
  confirm(session: PeerSession, { match }: PairConfirm): void {
    const open = this.openOn(session);
    this.judge(open, () => open.comparison.confirmThere(match));
    if (open.comparison.isAgreed) this.comparisons.conclude(open);
    else open.update();
  }

  /**
   * Both users may have begun at once. Then the start of the device with the smaller id counts: if that is ours, the
   * peer's waits for what becomes of it.
   * @returns our user's claim, when the peer's start takes its place.
   */
  private async claimThatYields(peerId: string): Promise<ClaimTurn | undefined> {
    const { claim } = this.comparisons;
    if (!claim) return undefined;
    await claim.reached;
    if (claim.peerId !== peerId) return undefined;
    if (this.local.id < peerId) await claim.over;
    return this.comparisons.claim === claim ? claim : undefined;
  }

  /** Whether a stranger may have a question put to our user now. */
  private admit(session: PeerSession): void {
    const { current, claim, prompts } = this.comparisons;
    const { peerId } = session;
    if (!this.mode.isOpen || current || claim) {
      throw new ProtocolError('PAIRING_CLOSED', 'this device does not compare now: open pairing on it');
    }
    if (prompts.isLockedOut(peerId) || prompts.isSpent()) {
      setImmediate(() => session.close()); // after the answer
      throw new ProtocolError('TOO_MANY_REQUESTS', 'too many tries to pair: wait some minutes');
    }
    prompts.record(peerId);
  }

  private openOn(session: PeerSession): OpenComparison {
    const { current } = this.comparisons;
    if (current?.session === session) return current;
    if (this.comparisons.wasOn(session)) throw expired();
    throw broken(session, 'no comparison is under way in this session');
  }

  private judge(open: OpenComparison, take: () => void): void {
    if (!open.isInTime()) throw expired();
    try {
      take();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw broken(open.session, error.message, open);
    }
  }
}

function expired(): ProtocolError {
  return new ProtocolError('PAIRING_EXPIRED', 'the comparison is over');
}

/** Ends the session of a device that does not keep to the rules, and the comparison on it. */
function broken(session: PeerSession, why: string, open?: OpenComparison): ProtocolError {
  const error = new ProtocolError('UNEXPECTED_MESSAGE', `pairing: ${why}`);
  open?.fail('The other device broke the rules of pairing: it may not be what it seems to be.');
  session.abort(error);
  return error;
}

/** The parsers have checked them. */
function bytesOf(text: string): Uint8Array {
  return fromBase64Url(text) ?? new Uint8Array();
}
