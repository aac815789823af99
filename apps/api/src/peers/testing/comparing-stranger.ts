import { randomBytes } from 'node:crypto';
import { fromBase64Url, PATTERNS, SAS_EXPORTER_LABEL, toBase64Url, type Sas } from '@ferry/protocol';
import type { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { TestDevice, type Handler } from '../../transport/testing/test-device';
import { sasCommitment, sasOf } from '../pairing/sas';

/** A device that is no node and takes part in comparisons as the test tells it to. */
export class ComparingStranger {
  readonly nonce = randomBytes(32);

  private constructor(private readonly device: TestDevice) {}

  /** @param handlers what it answers to the requests of others. */
  static async start(handlers: Readonly<Record<string, Handler>> = {}): Promise<ComparingStranger> {
    return new ComparingStranger(await TestDevice.start({ name: 'Stranger', handlers }));
  }

  get id(): string {
    return this.device.id;
  }

  get address(): string {
    return this.device.address;
  }

  dial(address: string): Promise<PeerSession> {
    return this.device.transport.dial(address);
  }

  /** The next session that another device has dialled. */
  nextSession(): Promise<PeerSession> {
    return this.device.nextSession();
  }

  commitment({ peerId }: PeerSession): string {
    return toBase64Url(sasCommitment(this.id, peerId, this.nonce));
  }

  /** Sends `pair.start`. @returns the responder's nonce, base64url. */
  async begin(session: PeerSession): Promise<string> {
    const answer = await session.request(PATTERNS.pairStart, { commitment: this.commitment(session) });
    return (answer as { nonce: string }).nonce;
  }

  reveal(session: PeerSession, nonce: Uint8Array = this.nonce): Promise<unknown> {
    return session.request(PATTERNS.pairReveal, { nonce: toBase64Url(nonce) });
  }

  confirm(session: PeerSession, match = true): Promise<unknown> {
    return session.request(PATTERNS.pairConfirm, { match });
  }

  /** A comparison as it should be, up to what users compare. @returns what this device shows. */
  async compare(session: PeerSession): Promise<Sas> {
    const responderNonce = fromBase64Url(await this.begin(session)) ?? new Uint8Array();
    await this.reveal(session);
    return sasOf({
      initiatorId: this.id,
      responderId: session.peerId,
      initiatorNonce: this.nonce,
      responderNonce,
      exporter: session.exportKey(32, SAS_EXPORTER_LABEL),
    });
  }

  stop(): Promise<void> {
    return this.device.stop();
  }
}

/** Resolves with what the other side said at the end of the session. */
export function endOf(session: PeerSession): Promise<PeerError | undefined> {
  return new Promise((resolve) => session.onClose(resolve));
}
