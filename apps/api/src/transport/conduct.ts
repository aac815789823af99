import {
  MAX_SUSPECTS,
  MAX_VIOLATIONS_PER_ADDRESS,
  MAX_VIOLATIONS_PER_DEVICE,
  type Deadlines,
  type ProtocolErrorCode,
} from '@ferry/protocol';
import { sourceOf } from './admission';
import { Bans } from './bans';
import { errorCode } from './dial-errors';
import type { PacedLog } from './paced-log';
import { PeerError } from './peer-error';
import type { PeerSession } from './peer-session';

/** Ends of a session that only a broken rule brings about. A slow line, another version or lost trust are none. */
const VIOLATIONS: ReadonlySet<ProtocolErrorCode> = new Set([
  'FRAME_TOO_LARGE',
  'MALFORMED_FRAME',
  'MALFORMED_MESSAGE',
  'UNEXPECTED_MESSAGE',
  'INVALID_RANGE',
  'TOO_MANY_REQUESTS',
]);

/** What is judged of a session. */
export type Judged = Pick<PeerSession, 'peerId' | 'isDialler' | 'remoteAddress'>;

export interface ConductHost {
  sessions(): readonly Judged[];
  isPaired(deviceId: string): boolean;
}

/** Decides who is refused because of what it did before. */
export class Conduct {
  private readonly devices: Bans;
  private readonly sources: Bans;
  private readonly minutes: number;

  constructor(
    { violationMemoryMs, banMs }: Deadlines,
    private readonly host: ConductHost,
    private readonly log: PacedLog,
  ) {
    const rule = { memoryMs: violationMemoryMs, banMs, maxNames: MAX_SUSPECTS };
    this.devices = new Bans({ ...rule, violations: MAX_VIOLATIONS_PER_DEVICE });
    this.sources = new Bans({ ...rule, violations: MAX_VIOLATIONS_PER_ADDRESS });
    this.minutes = Math.ceil(banMs / 60_000);
  }

  /** Whether no connection is taken from there. */
  isRefused(remoteAddress: string): boolean {
    const source = sourceOf(remoteAddress);
    return this.sources.leftMs(source) > 0 && !this.isTrusted(source);
  }

  /** @throws PeerError RATE_LIMITED while the device is banned. */
  assertWelcome(deviceId: string): void {
    const leftMs = this.devices.leftMs(deviceId);
    if (leftMs === 0) return;
    const minutes = Math.ceil(leftMs / 60_000);
    throw new PeerError(
      'RATE_LIMITED',
      `This device broke the protocol ${MAX_VIOLATIONS_PER_DEVICE} times and is refused for ${minutes} min: update Ferry on it`,
    );
  }

  /** A connection from there ended before it was known whose it is. */
  handshakeFailed(remoteAddress: string, error: unknown): void {
    if (isBadHandshake(error)) this.noteSource(remoteAddress);
  }

  /** A session ended because of what the device at its other end did, or did not do before its hello. */
  sessionBroken({ peerId, isDialler, remoteAddress }: Judged, code: ProtocolErrorCode): void {
    const isViolation = VIOLATIONS.has(code);
    if (isViolation && this.devices.note(peerId)) this.tell(`device ${peerId.slice(0, 7)}`);
    // Keys cost nothing, so of strangers the address counts as well; of theirs also a hello that never came.
    const isOfSource = isViolation || code === 'TIMEOUT';
    if (isOfSource && !isDialler && !this.host.isPaired(peerId)) this.noteSource(hostOf(remoteAddress));
  }

  private noteSource(address: string): void {
    const source = sourceOf(address);
    if (!this.isTrusted(source) && this.sources.note(source)) this.tell(`address ${source}`);
  }

  /** Whether a paired device has a session from there now: then others behind its address cannot get it refused. */
  private isTrusted(source: string): boolean {
    return this.host
      .sessions()
      .some(({ peerId, remoteAddress }) => sourceOf(hostOf(remoteAddress)) === source && this.host.isPaired(peerId));
  }

  private tell(who: string): void {
    this.log.warn(`ban of ${who}`, `The ${who} broke the protocol again and again: refused for ${this.minutes} min`);
  }
}

/** Without the port. */
export function hostOf(remoteAddress: string): string {
  return remoteAddress.slice(0, remoteAddress.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

/** Whether a handshake failed by what the other side sent, or by its silence; not when it just went away. */
function isBadHandshake(error: unknown): boolean {
  if (error instanceof PeerError) return error.code === 'TLS_FAILED' || error.code === 'TIMEOUT';
  return /^ERR_(SSL|TLS)_/.test(errorCode(error));
}
