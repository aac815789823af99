import { decodeProbePrefix, MAX_PROBE_BYTES, PATTERNS, ProtocolError, type LinkProbe } from '@ferry/protocol';
import type { DataReceiver } from '../../transport/data-answer';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';

/** Answers after which there is no figure, though nothing is wrong with the line. */
const NO_FIGURE: Readonly<Record<string, string>> = {
  UNKNOWN_PATTERN: 'Not measured: the other device has an older version of Ferry.',
  TOO_MANY_REQUESTS: 'Not measured: the other device is measuring already.',
};

export interface LineSpeed {
  /** Absent when the peer cannot tell. */
  readonly bytesPerSecond?: number;
  /** Why it is absent. */
  readonly reason?: string;
}

/**
 * How fast bytes come from the peer, by asking for as many as a probe may have and stopping after `timeMs`.
 * @throws PeerError when the line breaks.
 */
export async function measureSpeed(session: PeerSession, timeMs: number): Promise<LineSpeed> {
  const probe: LinkProbe = { bytes: MAX_PROBE_BYTES };
  const meter = new ProbeMeter(probe.bytes);
  const timeout = AbortSignal.timeout(timeMs);
  try {
    await session.requestData(PATTERNS.linkProbe, probe, meter, timeout);
  } catch (error) {
    const reason = error instanceof PeerError && error.code === 'REMOTE' && NO_FIGURE[error.remoteCode ?? ''];
    if (reason) return { reason };
    if (error !== timeout.reason) throw error;
  }
  if (meter.bytesPerSecond > 0) return { bytesPerSecond: meter.bytesPerSecond };
  throw new PeerError('TIMEOUT', `Nothing came over the line within ${timeMs / 1000} s.`);
}

/** Counts what comes, from the first frame on. */
class ProbeMeter implements DataReceiver {
  private readonly askedAt = performance.now();
  private startedAt = 0;
  private lastAt = 0;
  private frames = 0;
  private announced = 0;
  private received = 0;

  constructor(private readonly wanted: number) {}

  get bytesPerSecond(): number {
    // The first answer takes a round trip, which is no part of the speed; if all came at once, there is nothing else to go by.
    const seconds = (this.lastAt - (this.lastAt > this.startedAt ? this.startedAt : this.askedAt)) / 1_000;
    return seconds > 0 ? Math.round(this.received / seconds) : 0;
  }

  begin(prefix: Uint8Array, dataBytes: number): void {
    const frame = decodeProbePrefix(prefix);
    this.announced += dataBytes;
    if (frame !== this.frames || this.announced > this.wanted) {
      throw new ProtocolError('UNEXPECTED_MESSAGE', `probe frame ${frame} with ${dataBytes} bytes`);
    }
    this.frames += 1;
    if (this.startedAt === 0) this.startedAt = performance.now();
  }

  bytes(part: Uint8Array): void {
    this.received += part.length;
    this.lastAt = performance.now();
  }

  end(): void {
    // what counts are the bytes, as they come
  }
}
