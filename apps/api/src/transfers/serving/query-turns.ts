import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/**
 * Queries of peers run one after the other, each in a turn of the event loop of its own: whoever asks for many at once
 * delays itself and other lists, not the rest of the node.
 */
@Injectable()
export class QueryTurns {
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves when the caller may run its query. @throws the signal's reason. */
  async next(signal: AbortSignal): Promise<void> {
    this.last = this.last.then(() => setImmediate());
    await this.last;
    signal.throwIfAborted();
  }
}
