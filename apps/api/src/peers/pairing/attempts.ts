import type { PeersOptions } from '../peers-options';

const MINUTE_MS = 60_000;

type Limits = Pick<PeersOptions, 'triesPerDevice' | 'lockOutMs' | 'failuresPerMinute' | 'now'>;

/**
 * Counts tries to pair: a few per device, then a lock-out; and a budget for all devices together, since device ids cost
 * nothing. The budget also bounds the memory: tries beyond it are not recorded.
 */
export class Attempts {
  private tries: { deviceId: string; at: number }[] = [];

  constructor(private readonly limits: Limits) {}

  /** Whether this device has used up its tries. Others cannot bring that about. */
  isLockedOut(deviceId: string): boolean {
    this.purge();
    return this.tries.filter((each) => each.deviceId === deviceId).length >= this.limits.triesPerDevice;
  }

  /** Whether all devices together have used up the budget of this minute. */
  isSpent(): boolean {
    this.purge();
    const now = this.limits.now();
    return this.tries.filter(({ at }) => now - at < MINUTE_MS).length >= this.limits.failuresPerMinute;
  }

  record(deviceId: string): void {
    if (!this.isSpent()) this.tries.push({ deviceId, at: this.limits.now() });
  }

  /** The device has paired: its tries were its user's. */
  forgive(deviceId: string): void {
    this.tries = this.tries.filter((each) => each.deviceId !== deviceId);
  }

  private purge(): void {
    const oldest = this.limits.now() - this.limits.lockOutMs;
    this.tries = this.tries.filter(({ at }) => at > oldest);
  }
}
