/** Pause after a try that met a full disk although there seemed to be room; each further one doubles it, up to the longest. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

interface Tries {
  readonly verifiedBytes: number;
  readonly count: number;
  readonly notBefore: number;
}

/** When transfers that met a full disk may be tried again: what the system calls free may be out of reach, by a quota for instance. */
export class SpaceRetries {
  private readonly tries = new Map<string, Tries>();

  /** @param now milliseconds of any clock that only goes forward. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A transfer has met a full disk. @param verifiedBytes how far it got: the first time, and after progress, it need not pause. */
  failed(id: string, verifiedBytes: number): void {
    const before = this.tries.get(id);
    const count = before && verifiedBytes <= before.verifiedBytes ? before.count + 1 : 0;
    const pauseMs = count === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS);
    this.tries.set(id, { verifiedBytes, count, notBefore: this.now() + pauseMs });
  }

  mayTry(id: string): boolean {
    return this.now() >= (this.tries.get(id)?.notBefore ?? 0);
  }

  forget(id: string): void {
    this.tries.delete(id);
  }
}
