import { MAX_SESSIONS, MAX_SESSIONS_PER_DEVICE, MAX_STRANGERS_PER_ADDRESS, ProtocolError } from '@ferry/protocol';
import { sourceOf } from './admission';
import { hostOf } from './conduct';
import type { PeerSession } from './peer-session';

/**
 * The open sessions by device. One of them is the live one, which new work uses:
 * the one dialled by the device with the smaller id, so that both sides choose the same
 * when both have dialled; among those the newest.
 */
export class SessionRegistry {
  private readonly byDevice = new Map<string, PeerSession[]>();
  private total = 0;

  constructor(
    private readonly ownId: string,
    private readonly verifyMs: number,
    private readonly isPaired: (deviceId: string) => boolean,
    private readonly maxSessions = MAX_SESSIONS,
  ) {}

  get size(): number {
    return this.total;
  }

  all(): PeerSession[] {
    return [...this.byDevice.values()].flat();
  }

  sessionsOf(deviceId: string): readonly PeerSession[] {
    return this.byDevice.get(deviceId) ?? [];
  }

  liveSession(deviceId: string): PeerSession | undefined {
    const sessions = this.sessionsOf(deviceId).filter((session) => session.isOpen);
    const preferred = sessions.filter((session) => this.isPreferred(session));
    return preferred.at(-1) ?? sessions.at(-1);
  }

  /**
   * When there are too many in all, one that a stranger has opened makes room for a paired device, or for one dialled here.
   * @throws ProtocolError BUSY when another session of this device is one too many.
   */
  admit(session: PeerSession): void {
    const { peerId } = session;
    if (this.sessionsOf(peerId).length >= MAX_SESSIONS_PER_DEVICE) {
      throw new ProtocolError('BUSY', `more than ${MAX_SESSIONS_PER_DEVICE} sessions of one device`);
    }
    const isWanted = this.isWanted(session);
    if (!isWanted) this.assertFewStrangers(sourceOfSession(session));
    if (this.total < this.maxSessions) return;
    const stranger = isWanted ? this.all().find((other) => !other.isHeld && !this.isWanted(other)) : undefined;
    if (!stranger) throw new ProtocolError('BUSY', `more than ${this.maxSessions} sessions`);
    stranger.abort(new ProtocolError('BUSY', 'the place is needed for a paired device'));
  }

  add(session: PeerSession): void {
    const older = this.sessionsOf(session.peerId);
    this.byDevice.set(session.peerId, [...older, session]);
    this.total += 1;
    session.onClose(() => this.remove(session));
    for (const other of older) void this.settle(other, session);
  }

  private assertFewStrangers(source: string): void {
    const isOne = (other: PeerSession): boolean => sourceOfSession(other) === source && !this.isWanted(other);
    if (this.all().filter(isOne).length < MAX_STRANGERS_PER_ADDRESS) return;
    throw new ProtocolError(
      'BUSY',
      `more than ${MAX_STRANGERS_PER_ADDRESS} sessions of unpaired devices from ${source}`,
    );
  }

  private remove(session: PeerSession): void {
    const left = this.sessionsOf(session.peerId).filter((other) => other !== session);
    this.total -= 1;
    if (left.length > 0) this.byDevice.set(session.peerId, left);
    else this.byDevice.delete(session.peerId);
  }

  /** Leaves one of two sessions. The older may be dead without our knowing, so it has to answer first. */
  private async settle(older: PeerSession, newer: PeerSession): Promise<void> {
    try {
      await older.ping(AbortSignal.timeout(this.verifyMs));
    } catch (cause) {
      return older.abort(new Error('The session did not answer when a newer one came', { cause }));
    }
    const isSameDialler = older.isDialler === newer.isDialler;
    // Of its own sessions the dialler closes one, lest the two sides close one each.
    if (isSameDialler && newer.isDialler) older.retire();
    if (!isSameDialler) (this.isPreferred(older) ? newer : older).retire();
  }

  private isWanted({ peerId, isDialler }: PeerSession): boolean {
    return isDialler || this.isPaired(peerId);
  }

  private isPreferred(session: PeerSession): boolean {
    return session.isDialler === this.ownId < session.peerId;
  }
}

function sourceOfSession({ remoteAddress }: PeerSession): string {
  return sourceOf(hostOf(remoteAddress));
}
