import { randomUUID } from 'node:crypto';
import {
  formatInvitation,
  fromBase64Url,
  ProtocolError,
  toBase64Url,
  type PairClaim,
  type Pairing,
} from '@ferry/protocol';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventsService } from '../../events/events.service';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { LocalDevice } from '../local-device';
import { PEERS_OPTIONS, type PeersOptions } from '../peers-options';
import { PeersService } from '../peers.service';
import { Attempts } from './attempts';
import { ComparisonDecisions } from './comparison-decisions';
import { Comparisons } from './comparisons';
import { Invitations, type ClaimOutcome } from './invitations';
import { pairingProof } from './pairing-proof';

const MAX_REMEMBERED_CLAIMS = 32;
/** So that the state has certainly changed when the timer of an expiry runs. */
const EXPIRY_SLACK_MS = 20;

/** Pairings of this run of the node: invites other devices and judges their claims. Nothing of it is stored but trust. */
@Injectable()
export class PairingService implements OnModuleInit, OnModuleDestroy {
  private readonly invitations: Invitations;
  private readonly attempts: Attempts;
  private readonly expiries = new Map<string, NodeJS.Timeout>();
  /** Invitations of others that we have used, newest first. */
  private claimed: Pairing[] = [];
  private unsubscribe?: () => void;

  constructor(
    private readonly local: LocalDevice,
    private readonly peers: PeersService,
    private readonly comparisons: Comparisons,
    private readonly decisions: ComparisonDecisions,
    private readonly events: EventsService,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {
    this.invitations = new Invitations(options);
    this.attempts = new Attempts(options);
  }

  onModuleInit(): void {
    this.unsubscribe = this.peers.news.onRemoved((id) => this.invitations.revokeOf(id));
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
    for (const timer of this.expiries.values()) clearTimeout(timer);
    this.expiries.clear();
  }

  /** Opens an invitation for one device. With too many open, the oldest expires. */
  invite(): Pairing {
    const dropped = this.invitations.makeRoom();
    if (dropped) this.publish(dropped);
    const pairing = this.invitations.open((secret) =>
      formatInvitation({
        deviceId: this.local.id,
        addresses: this.local.addresses(),
        secret: toBase64Url(secret),
        name: this.local.name,
      }),
    );
    this.announceExpiry(pairing.id);
    this.publish(pairing);
    return pairing;
  }

  /** Invitations given, claims made and comparisons, newest first. */
  list(): Pairing[] {
    return [...this.invitations.list(), ...this.claimed, ...this.comparisons.list()].sort(
      (a, b) => Date.parse(b.expiresAt) - Date.parse(a.expiresAt),
    );
  }

  /** @throws PeerError PAIRING_NOT_FOUND. */
  get(id: string): Pairing {
    const pairing = this.list().find((each) => each.id === id);
    if (pairing) return pairing;
    throw new PeerError('PAIRING_NOT_FOUND', 'This pairing is not known any more: begin a new one.');
  }

  /**
   * Revokes an open invitation, or cancels a comparison; one that ended without trust stays as it is.
   * @throws PeerError PAIRING_NOT_FOUND, PAIRING_OVER.
   */
  remove(id: string): void {
    const { state, direction } = this.get(id);
    if (state === 'paired') {
      throw new PeerError('PAIRING_OVER', 'These devices are paired: remove the peer to end that.');
    }
    if (direction !== undefined) return this.decisions.cancel(id);
    const revoked = state === 'open' ? this.invitations.revoke(id) : undefined;
    if (revoked) this.publish(revoked);
  }

  /** Remembers that we have claimed the invitation of `peerId`. */
  addClaimed(peerId: string): Pairing {
    const expiresAt = new Date(this.options.now() + this.options.invitationLifetimeMs).toISOString();
    const pairing: Pairing = { id: randomUUID(), state: 'paired', peerId, expiresAt };
    this.claimed = [pairing, ...this.claimed].slice(0, MAX_REMEMBERED_CLAIMS);
    this.publish(pairing);
    return pairing;
  }

  /**
   * Judges a claim of another device; when this returns, the device is trusted and that is on the disk.
   * A right proof counts whatever strangers have tried before, unless this very device is locked out.
   * @throws ProtocolError PAIRING_REJECTED, PAIRING_EXPIRED, TOO_MANY_REQUESTS.
   */
  accept(session: PeerSession, { proof }: PairClaim): void {
    const { peerId } = session;
    if (this.attempts.isLockedOut(peerId)) throw tooMany(session);
    const outcome = this.invitations.claim(peerId, fromBase64Url(proof) ?? new Uint8Array(), (secret) =>
      pairingProof(secret, peerId, this.local.id),
    );
    if (outcome.kind !== 'accepted') throw this.refusal(outcome, session);
    this.peers.trust(session);
    this.attempts.forgive(peerId);
    this.publish(outcome.pairing);
    // The answer goes first: the claimer serves us only once it has it.
    setImmediate(() => void this.peers.welcome(session));
  }

  private refusal({ kind }: ClaimOutcome, session: PeerSession): ProtocolError {
    if (kind === 'expired') return new ProtocolError('PAIRING_EXPIRED', 'the invitation has expired');
    if (kind === 'unknown') {
      if (this.attempts.isSpent()) return tooMany(session);
      this.attempts.record(session.peerId);
    }
    return new ProtocolError('PAIRING_REJECTED', 'the invitation is not known here, or another device has used it');
  }

  private announceExpiry(id: string): void {
    const timer = setTimeout(() => {
      this.expiries.delete(id);
      const pairing = this.invitations.find(id);
      if (pairing?.state === 'expired') this.publish(pairing);
    }, this.options.invitationLifetimeMs + EXPIRY_SLACK_MS);
    this.expiries.set(id, timer.unref());
  }

  private publish(pairing: Pairing): void {
    this.events.publish('pairings.changed', pairing);
  }
}

function tooMany(session: PeerSession): ProtocolError {
  setImmediate(() => session.close()); // after the answer
  return new ProtocolError('TOO_MANY_REQUESTS', 'too many wrong tries to pair: wait some minutes');
}
