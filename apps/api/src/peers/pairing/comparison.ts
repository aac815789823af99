import { randomBytes, randomUUID } from 'node:crypto';
import { NONCE_BYTES, ProtocolError, type Pairing, type PairingState, type Sas } from '@ferry/protocol';
import { PeerError } from '../../transport/peer-error';
import { isSame, sasCommitment, sasOf } from './sas';

/** The two ends of one session, as one of them sees it. */
export interface ComparedDevices {
  readonly ownId: string;
  readonly peerId: string;
  /** The name the peer gives itself. */
  readonly peerName: string;
  /** SAS_EXPORTER_BYTES of the session's exporter. */
  readonly exporter: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * One pairing by comparison as one of its sides sees it: what has come, what is shown, what the two users have said.
 * It sends nothing and knows no time. States: agreeing on the nonces, comparing, then paired, failed or expired.
 */
export class Comparison {
  readonly id = randomUUID();
  /** Ours. */
  readonly nonce: Uint8Array = randomBytes(NONCE_BYTES);
  /** The initiator's. */
  readonly commitment: Uint8Array;
  readonly isInitiator: boolean;
  private sas?: Sas;
  private here?: boolean;
  private there?: boolean;
  private end?: { readonly state: PairingState; readonly error?: string };

  /** @param commitment the peer's, when the peer has started. */
  constructor(
    readonly devices: ComparedDevices,
    commitment?: Uint8Array,
  ) {
    this.isInitiator = commitment === undefined;
    this.commitment = commitment ?? sasCommitment(devices.ownId, devices.peerId, this.nonce);
  }

  get isOver(): boolean {
    return this.end !== undefined;
  }

  /** Whether there is something to compare. */
  get isComparing(): boolean {
    return this.sas !== undefined && !this.isOver;
  }

  get isConfirmedThere(): boolean {
    return this.there === true;
  }

  /** Whether both users have said that both devices show the same. */
  get isAgreed(): boolean {
    return this.isComparing && this.here === true && this.there === true;
  }

  /** Whether `value` is one that we have made for this comparison and may not come back. */
  isOwn(value: Uint8Array): boolean {
    return isSame(value, this.nonce) || (this.isInitiator && isSame(value, this.commitment));
  }

  /**
   * Takes the nonce that the peer says, as the answer to our commitment or as what it committed to.
   * @throws ProtocolError UNEXPECTED_MESSAGE when it came before, is one of our own, or is not what was committed to.
   */
  takePeerNonce(nonce: Uint8Array): void {
    const { ownId, peerId, exporter } = this.devices;
    if (this.sas || this.isOver) throw unexpected('the nonce came already, or the comparison is over');
    if (this.isOwn(nonce)) throw unexpected('a value of ours came back');
    if (this.isInitiator) {
      const [initiatorNonce, responderNonce] = [this.nonce, nonce];
      this.sas = sasOf({ initiatorId: ownId, responderId: peerId, initiatorNonce, responderNonce, exporter });
      return;
    }
    if (!isSame(sasCommitment(peerId, ownId, nonce), this.commitment)) {
      throw unexpected('the nonce is not the one that was committed to');
    }
    const [initiatorNonce, responderNonce] = [nonce, this.nonce];
    this.sas = sasOf({ initiatorId: peerId, responderId: ownId, initiatorNonce, responderNonce, exporter });
  }

  /** Our user has compared. @throws PeerError PAIRING_OVER. */
  confirmHere(match: boolean): void {
    if (!this.isComparing) {
      throw new PeerError('PAIRING_OVER', 'This comparison is over: begin a new one if it did not end well.');
    }
    if (this.here !== undefined) {
      throw new PeerError('PAIRING_OVER', 'You have answered this comparison: now the other device must.');
    }
    this.here = match;
    if (!match) this.fail(`You said that the two devices show different codes. ${ADVICE}`);
  }

  /** The peer's user has compared. @throws ProtocolError UNEXPECTED_MESSAGE. */
  confirmThere(match: boolean): void {
    if (!this.isComparing || this.there !== undefined) throw unexpected('there is nothing to confirm');
    this.there = match;
    if (!match) this.fail(`The other device says that it shows a different code, or does not want to pair. ${ADVICE}`);
  }

  /** Both have agreed and trust is stored. */
  pair(): void {
    this.end ??= { state: 'paired' };
  }

  /** @param error why, in words for the user. */
  fail(error: string): void {
    this.end ??= { state: 'failed', error };
  }

  expire(): void {
    this.end ??= { state: 'expired', error: 'Nobody confirmed on both devices in time: begin again.' };
  }

  /** What is shown of it. */
  toPairing(): Pairing {
    const { peerId, peerName, expiresAt } = this.devices;
    const { sas, end } = this;
    return {
      id: this.id,
      state: end?.state ?? 'comparing',
      peerId,
      peerName,
      direction: this.isInitiator ? 'out' : 'in',
      ...(!end && sas && { sas, confirmed: { here: this.here === true, there: this.there === true } }),
      ...(end?.error !== undefined && { error: end.error }),
      expiresAt: new Date(expiresAt).toISOString(),
    };
  }
}

const ADVICE =
  'They are not paired and nothing was shared. If you compared the right two devices, somebody may be between them: ' +
  'use another network, or pair by invitation.';

function unexpected(why: string): ProtocolError {
  return new ProtocolError('UNEXPECTED_MESSAGE', why);
}
