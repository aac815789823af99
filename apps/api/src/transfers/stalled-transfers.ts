/** Pause after the first stall; each further one doubles it, up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Transfers whose peer was there and sent nothing. They pause longer each time, and all that is to come from such peers shares
 * one place among the transfers that run: who only keeps us waiting must not keep the others' files from coming.
 */
export class StalledTransfers {
  private readonly stalls = new Map<string, { readonly peerId: string; readonly count: number }>();
  private readonly pausing = new Set<string>();

  /** @returns how long this transfer pauses now, in milliseconds; `resume` ends that. */
  pause(id: string, peerId: string): number {
    const before = this.stalls.get(id)?.count ?? 0;
    this.stalls.set(id, { peerId, count: before + 1 });
    this.pausing.add(id);
    return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** before);
  }

  resume(id: string): void {
    this.pausing.delete(id);
  }

  isPausing(id: string): boolean {
    return this.pausing.has(id);
  }

  /** Whether a transfer from this peer has stalled and not got on since. */
  isSuspect(peerId: string): boolean {
    return [...this.stalls.values()].some((stall) => stall.peerId === peerId);
  }

  /** It got on, or is over. */
  forget(id: string): void {
    this.stalls.delete(id);
    this.pausing.delete(id);
  }
}
