import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { SECRET_BYTES, type Pairing } from '@ferry/protocol';
import type { PeersOptions } from '../peers-options';

const MAX_REMEMBERED = 64;

interface Invitation {
  readonly id: string;
  /** Never logged, never stored. */
  readonly secret: Uint8Array;
  readonly uri: string;
  /** Milliseconds since the epoch; earlier than planned when dropped. */
  expiresAt: number;
  usedBy?: string;
}

export type ClaimOutcome =
  | { readonly kind: 'accepted'; readonly pairing: Pairing }
  /** Both are said only to who proves to know the secret. */
  | { readonly kind: 'used' | 'expired' }
  | { readonly kind: 'unknown' };

type Limits = Pick<PeersOptions, 'invitationLifetimeMs' | 'expiredMemoryMs' | 'maxOpenInvitations' | 'now'>;

/** The invitations of this device, in memory only. */
export class Invitations {
  /** Oldest first. */
  private invitations: Invitation[] = [];

  constructor(private readonly limits: Limits) {}

  open(uriOf: (secret: Uint8Array) => string): Pairing {
    this.purge();
    const secret = randomBytes(SECRET_BYTES);
    const expiresAt = this.limits.now() + this.limits.invitationLifetimeMs;
    const invitation = { id: randomUUID(), secret, uri: uriOf(secret), expiresAt };
    this.invitations.push(invitation);
    return this.toPairing(invitation);
  }

  /** Lets the oldest open one expire when one more would be too many. */
  makeRoom(): Pairing | undefined {
    const open = this.invitations.filter((each) => this.isOpen(each));
    const [oldest] = open;
    if (!oldest || open.length < this.limits.maxOpenInvitations) return undefined;
    oldest.expiresAt = this.limits.now();
    return this.toPairing(oldest);
  }

  /**
   * Finds the invitation whose secret made `proof` and uses it up; a repetition by the same device is accepted
   * until the invitation expires.
   * @param proofOf the proof that the claimer would send if it knew the secret.
   */
  claim(claimerId: string, proof: Uint8Array, proofOf: (secret: Uint8Array) => Uint8Array): ClaimOutcome {
    this.purge();
    // All are compared, each in constant time, so the time tells nothing about which one was nearly right.
    const [match] = this.invitations.filter(({ secret }) => isEqual(proofOf(secret), proof));
    if (!match) return { kind: 'unknown' };
    if (match.expiresAt <= this.limits.now()) return { kind: 'expired' };
    if (match.usedBy !== undefined && match.usedBy !== claimerId) return { kind: 'used' };
    match.usedBy = claimerId;
    return { kind: 'accepted', pairing: this.toPairing(match) };
  }

  /** Lets an open one expire now. @returns it as it is then; `undefined` when there is none. */
  revoke(id: string): Pairing | undefined {
    const invitation = this.invitations.find((each) => each.id === id);
    if (!invitation) return undefined;
    if (this.isOpen(invitation)) invitation.expiresAt = this.limits.now();
    return this.toPairing(invitation);
  }

  /** A forgotten device cannot come back with the invitation that it used. */
  revokeOf(deviceId: string): void {
    for (const invitation of this.invitations) {
      if (invitation.usedBy === deviceId) invitation.expiresAt = this.limits.now();
    }
  }

  find(id: string): Pairing | undefined {
    return this.list().find((pairing) => pairing.id === id);
  }

  /** Newest first. */
  list(): Pairing[] {
    this.purge();
    return this.invitations.map((each) => this.toPairing(each)).reverse();
  }

  private isOpen({ usedBy, expiresAt }: Invitation): boolean {
    return usedBy === undefined && expiresAt > this.limits.now();
  }

  private purge(): void {
    const oldest = this.limits.now() - this.limits.expiredMemoryMs;
    this.invitations = this.invitations.filter(({ expiresAt }) => expiresAt > oldest).slice(-MAX_REMEMBERED);
  }

  private toPairing(invitation: Invitation): Pairing {
    const { id, uri, usedBy } = invitation;
    const expiresAt = new Date(invitation.expiresAt).toISOString();
    if (usedBy !== undefined) return { id, state: 'paired', peerId: usedBy, expiresAt };
    if (!this.isOpen(invitation)) return { id, state: 'expired', expiresAt };
    return { id, state: 'open', uri, expiresAt };
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
