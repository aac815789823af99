import type { PeersOptions } from '../peers-options';

const MINUTE_MS = 60_000;

type Limits = Pick<PeersOptions, 'triesPerDevice' | 'lockOutMs' | 'failuresPerMinute' | 'now'>;

/**
 * Counts wrong pairing proofs: a few per device, then a lock-out; and a budget for all devices together, since
 * device ids cost nothing. The budget also bounds the memory: failures beyond it are not recorded.
 */
export class Attempts {
  private failures: { deviceId: string; at: number }[] = [];

  constructor(private readonly limits: Limits) {}

  /** Whether this device may try now. */
  mayTry(deviceId: string): boolean {
    const now = this.limits.now();
    this.failures = this.failures.filter(({ at }) => now - at < this.limits.lockOutMs);
    const ofDevice = this.failures.filter((failure) => failure.deviceId === deviceId);
    const ofLastMinute = this.failures.filter(({ at }) => now - at < MINUTE_MS);
    return ofDevice.length < this.limits.triesPerDevice && ofLastMinute.length < this.limits.failuresPerMinute;
  }

  /** To be called for each wrong proof of a try that was allowed. */
  fail(deviceId: string): void {
    this.failures.push({ deviceId, at: this.limits.now() });
  }
}
