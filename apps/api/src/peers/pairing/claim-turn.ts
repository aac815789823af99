import { Deferred } from './deferred';
import type { OpenComparison } from './open-comparison';

/** Our own user's wish to pair with who listens at an address, until there is something to compare. */
export class ClaimTurn {
  private readonly whenReached = new Deferred();
  private readonly whenOver = new Deferred();
  private dialled?: string;
  private other?: OpenComparison;

  /** Resolves when it is known who listens there, or that nobody does. */
  get reached(): Promise<void> {
    return this.whenReached.promise;
  }

  /** Resolves when the claim has led to a comparison or to nothing. */
  get over(): Promise<void> {
    return this.whenOver.promise;
  }

  /** Device id of who listens there. */
  get peerId(): string | undefined {
    return this.dialled;
  }

  /** The comparison that the same device began at the same time, and which takes the place of ours. */
  get adopted(): OpenComparison | undefined {
    return this.other;
  }

  reach(peerId: string): void {
    this.dialled = peerId;
    this.whenReached.resolve();
  }

  adopt(open: OpenComparison): void {
    this.other = open;
  }

  end(): void {
    this.whenReached.resolve();
    this.whenOver.resolve();
  }
}
