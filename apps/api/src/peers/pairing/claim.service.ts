import {
  parseInvitation,
  parsePairClaimed,
  PATTERNS,
  ProtocolError,
  toBase64Url,
  type Invitation,
  type Pairing,
} from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { Dialler } from '../dialler';
import { LocalDevice } from '../local-device';
import { PeersService } from '../peers.service';
import { PeerTrust } from '../trust';
import { pairingProof } from './pairing-proof';
import { PairingService } from './pairing.service';

const ASK_AGAIN = 'ask for a new one on the other device';

/** Pairs with a device by its invitation. */
@Injectable()
export class ClaimService {
  constructor(
    private readonly dialler: Dialler,
    private readonly local: LocalDevice,
    private readonly peers: PeersService,
    private readonly trust: PeerTrust,
    private readonly pairings: PairingService,
  ) {}

  /**
   * Dials the inviter, proves to know the secret, and trusts it. When this resolves, both sides have stored trust.
   * @throws PeerError PAIRING_MALFORMED, PAIRING_EXPIRED, PAIRING_WRONG, RATE_LIMITED, SELF, UNREACHABLE, IDENTITY_MISMATCH, VERSION.
   */
  async claim(uri: string): Promise<Pairing> {
    const invitation = parse(uri);
    const { deviceId } = invitation;
    if (deviceId === this.local.id) {
      throw new PeerError('SELF', 'This invitation is from this very device: claim it on the other one.');
    }
    await this.peers.welcome(await this.pairWith(invitation));
    return this.pairings.addClaimed(deviceId);
  }

  /** @returns the session on which both sides have stored trust. */
  private async pairWith(invitation: Invitation): Promise<PeerSession> {
    const { deviceId, addresses } = invitation;
    const stopExpecting = this.trust.expect(deviceId);
    try {
      const { session } = await this.dialler.dialAny(addresses, deviceId);
      await this.prove(session, invitation);
      this.peers.trust(session, addresses);
      return session;
    } finally {
      stopExpecting();
    }
  }

  private async prove(session: PeerSession, { deviceId, secret }: Invitation): Promise<void> {
    const proof = pairingProof(Buffer.from(secret, 'base64url'), this.local.id, deviceId);
    try {
      parsePairClaimed(await this.dialler.ask(session, PATTERNS.pairClaim, { proof: toBase64Url(proof) }));
    } catch (error) {
      session.close();
      throw explain(error);
    }
  }
}

function parse(uri: string): Invitation {
  try {
    return parseInvitation(uri);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new PeerError(
      'PAIRING_MALFORMED',
      `This is no complete invitation: ${error.message.replace('not an invitation: ', '')}.`,
      { cause: error },
    );
  }
}

/** Tells apart what the inviter answered. */
function explain(error: unknown): unknown {
  if (!(error instanceof PeerError) || error.code !== 'REMOTE') return error;
  const options = { remoteCode: error.remoteCode, cause: error };
  switch (error.remoteCode) {
    case 'PAIRING_EXPIRED':
      return new PeerError('PAIRING_EXPIRED', `The invitation has expired: ${ASK_AGAIN}.`, options);
    case 'PAIRING_REJECTED':
      return new PeerError(
        'PAIRING_WRONG',
        `The invitation is wrong or another device has used it: ${ASK_AGAIN}.`,
        options,
      );
    case 'TOO_MANY_REQUESTS':
      return new PeerError(
        'RATE_LIMITED',
        'The other device refuses further tries for now: wait some minutes.',
        options,
      );
    default:
      return error;
  }
}
