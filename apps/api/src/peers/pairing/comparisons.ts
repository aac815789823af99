import type { Pairing } from '@ferry/protocol';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventsService } from '../../events/events.service';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { LocalDevice } from '../local-device';
import { PEERS_OPTIONS, type PeersOptions } from '../peers-options';
import { PeersService } from '../peers.service';
import { Attempts } from './attempts';
import { ClaimTurn } from './claim-turn';
import { OpenComparison, type ComparisonOrigin } from './open-comparison';

const MAX_REMEMBERED = 32;

/** Pairings by comparison of this run of the node: at most one at a time, whoever began it. */
@Injectable()
export class Comparisons implements OnModuleDestroy {
  /** What strangers have begun: a user must not be flooded with questions. */
  readonly prompts: Attempts;
  private open?: OpenComparison;
  private turn?: ClaimTurn;
  private readonly used = new WeakSet<PeerSession>();
  /** Those that users saw, newest first; the open one among them. */
  private seen: Pairing[] = [];

  constructor(
    private readonly local: LocalDevice,
    private readonly peers: PeersService,
    private readonly events: EventsService,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {
    this.prompts = new Attempts(options);
  }

  onModuleDestroy(): void {
    this.open?.release();
  }

  /** The one that is not over. */
  get current(): OpenComparison | undefined {
    return this.open;
  }

  /** Our own user's claim that has not yet led to a comparison. */
  get claim(): ClaimTurn | undefined {
    return this.turn;
  }

  /** Whether one on this session has come to its end: what the peer still says to it has crossed that. */
  wasOn(session: PeerSession): boolean {
    return this.used.has(session);
  }

  /** Newest first. */
  list(): readonly Pairing[] {
    return this.seen;
  }

  /**
   * Reserves the next comparison for our own user. A device that has begun one and not yet shown what to compare is
   * waited for: it has a few seconds.
   * @throws PeerError PAIRING_BUSY.
   */
  async takeTurn(): Promise<ClaimTurn> {
    if (this.turn || this.open?.comparison.isComparing) throw busy();
    const turn = new ClaimTurn();
    this.turn = turn;
    await this.open?.shown.catch(() => undefined);
    if (!this.open) return turn;
    this.endTurn(turn);
    throw busy();
  }

  endTurn(turn: ClaimTurn): void {
    turn.end();
    if (this.turn === turn) this.turn = undefined;
  }

  /** Begins a comparison on a session. @throws PeerError PAIRING_BUSY, SESSION_CLOSED. */
  begin(session: PeerSession, origin: ComparisonOrigin): OpenComparison {
    if (this.open) throw busy();
    const listener = {
      changed: (open: OpenComparison) => this.publish(open),
      ended: (open: OpenComparison) => this.ended(open),
    };
    this.open = new OpenComparison(this.local.id, session, this.options, listener, origin);
    return this.open;
  }

  /** Both users have said that the codes match: trusts the peer. When this returns, that is on the disk. */
  conclude(open: OpenComparison): void {
    const { session, origin } = open;
    try {
      this.peers.trust(session, origin.address === undefined ? [] : [origin.address]);
    } catch (error) {
      open.fail('Trust could not be stored on this device: its log tells more.');
      throw error;
    }
    this.prompts.forgive(session.peerId);
    open.pair();
    // The answer goes first: the peer serves us only once it has it.
    setImmediate(() => void this.peers.welcome(session));
  }

  private ended(open: OpenComparison): void {
    this.used.add(open.session);
    if (this.open === open) this.open = undefined;
  }

  private publish({ comparison }: OpenComparison): void {
    const pairing = comparison.toPairing();
    const others = this.seen.filter(({ id }) => id !== pairing.id);
    this.seen = [pairing, ...others].slice(0, MAX_REMEMBERED);
    this.events.publish('pairings.changed', pairing);
  }
}

function busy(): PeerError {
  return new PeerError('PAIRING_BUSY', 'Another pairing waits for an answer: answer or cancel it first.');
}
