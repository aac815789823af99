import { fromBase64Url, parsePairStarted, PATTERNS, ProtocolError, toBase64Url, type Pairing } from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import { PeerError, type PeerErrorCode } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { Dialler, type Dialled } from '../dialler';
import { PeersService } from '../peers.service';
import { checkTrust } from '../presence/check-trust';
import type { ClaimTurn } from './claim-turn';
import { Comparisons } from './comparisons';
import type { OpenComparison } from './open-comparison';
import { PairingService } from './pairing.service';

/** A session that ended before there was anything to compare is worth one more. */
const ENDED: ReadonlySet<PeerErrorCode> = new Set(['SESSION_CLOSED', 'NOT_PAIRED']);

/** Begins a pairing by comparison with whoever listens at an address. */
@Injectable()
export class AddressClaimService {
  constructor(
    private readonly dialler: Dialler,
    private readonly peers: PeersService,
    private readonly comparisons: Comparisons,
    private readonly pairings: PairingService,
  ) {}

  /**
   * Dials, and agrees with the device there on what both users compare. A device that is paired with this one already,
   * as both of them think, is just connected.
   * @throws PeerError PAIRING_BUSY, PAIRING_CLOSED, RATE_LIMITED, SELF, ADDRESS_INVALID, UNREACHABLE, VERSION and others.
   */
  async claim(address: string): Promise<Pairing> {
    const turn = await this.comparisons.takeTurn();
    try {
      return await this.claimIn(turn, address);
    } catch (error) {
      if (!turn.adopted) throw error;
      await turn.adopted.shown;
      return turn.adopted.comparison.toPairing();
    } finally {
      this.comparisons.endTurn(turn);
    }
  }

  private async claimIn(turn: ClaimTurn, address: string): Promise<Pairing> {
    const first = await this.dial(turn, address);
    try {
      return this.peers.isPaired(first.session.peerId) ? await this.greet(first) : await this.compare(first);
    } catch (error) {
      first.session.close();
      // One side has forgotten the other, which then asked for what strangers may not: that has ended the session.
      if (turn.adopted || !(error instanceof PeerError) || !ENDED.has(error.code)) throw error;
      return this.compare(await this.dial(turn, address));
    }
  }

  private async dial(turn: ClaimTurn, address: string): Promise<Dialled> {
    const dialled = await this.dialler.dial(address);
    turn.reach(dialled.session.peerId);
    return dialled;
  }

  /** @throws PeerError NOT_PAIRED when the device has forgotten us. */
  private async greet({ session, address }: Dialled): Promise<Pairing> {
    await checkTrust(session, this.dialler);
    this.peers.trust(session, [address]);
    await this.peers.welcome(session);
    return this.pairings.addClaimed(session.peerId);
  }

  private async compare({ session, address }: Dialled): Promise<Pairing> {
    const open = this.comparisons.begin(session, { address });
    try {
      await this.exchange(open);
      open.show();
      await open.shown;
    } catch (error) {
      const explained = explain(error, session);
      open.fail('It could not begin.'); // nobody has seen it
      throw explained;
    }
    return open.comparison.toPairing();
  }

  /** Commits, gets the other nonce, reveals: in this order nobody can choose a nonce to suit the other one. */
  private async exchange({ session, comparison }: OpenComparison): Promise<void> {
    const commitment = toBase64Url(comparison.commitment);
    const { nonce } = parsePairStarted(await this.dialler.ask(session, PATTERNS.pairStart, { commitment }));
    comparison.takePeerNonce(fromBase64Url(nonce) ?? new Uint8Array());
    await this.dialler.ask(session, PATTERNS.pairReveal, { nonce: toBase64Url(comparison.nonce) });
  }
}

/** What went wrong, in words. A peer that broke the rules is told so, which ends the session. */
function explain(error: unknown, session: PeerSession): unknown {
  if (error instanceof ProtocolError) {
    session.abort(error);
    const text = 'The other device broke the rules of pairing: it may not be what it seems to be.';
    return new PeerError('REMOTE', text, { cause: error });
  }
  if (!(error instanceof PeerError) || error.code !== 'REMOTE') return error;
  const options = { remoteCode: error.remoteCode, cause: error };
  switch (error.remoteCode) {
    case 'PAIRING_CLOSED':
      return new PeerError(
        'PAIRING_CLOSED',
        'The other device does not compare now: switch on pairing there, or wait until its other comparison is over.',
        options,
      );
    case 'TOO_MANY_REQUESTS':
      return new PeerError(
        'RATE_LIMITED',
        'The other device refuses further tries for now: wait some minutes.',
        options,
      );
    case 'UNKNOWN_PATTERN':
      return new PeerError('VERSION', 'The other device can only pair by invitation: update Ferry there.', options);
    default:
      return error;
  }
}
