import type { Lock, Locker, RequestRelease } from '@tus/server';
import { ProblemError } from '../http/problem-error';

interface Turn {
  /** Asks who has the turn to stop soon. */
  readonly release: RequestRelease;
  /** Tells who waits that it is its turn. */
  readonly begin: () => void;
}

/**
 * Lets one request at a time work on an upload. Who comes later asks the holder to stop and waits in line: a client that has
 * lost its connection must not keep itself from going on. (The library's own locker spins while it waits.)
 */
export class UploadLocks implements Locker {
  /** The first in line has the lock. */
  private readonly lines = new Map<string, Turn[]>();

  /** @param waitMs after which a request that waits is refused. */
  constructor(private readonly waitMs: number) {}

  /** The same locks, for a request that is to know when it must let go. @param listener gets what aborts then. */
  tellingOf(listener: (signal: AbortSignal) => void): Locker {
    return { newLock: (id) => this.newLock(id, listener) };
  }

  newLock(id: string, listener?: (signal: AbortSignal) => void): Lock {
    return {
      lock: async (signal, release) => {
        await this.take(id, release, signal);
        listener?.(signal);
      },
      unlock: () => Promise.resolve(this.give(id)),
    };
  }

  private take(id: string, release: RequestRelease, signal: AbortSignal): Promise<void> {
    const line = this.lines.get(id);
    if (line) return this.waitIn(line, release, AbortSignal.any([signal, AbortSignal.timeout(this.waitMs)]));
    this.lines.set(id, [{ release, begin: () => undefined }]);
    return Promise.resolve();
  }

  private waitIn(line: Turn[], release: RequestRelease, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        line.splice(line.indexOf(turn), 1);
        reject(new ProblemError('upload-conflict', 'Another request is writing to this upload. Try again.'));
      };
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const turn = { release, begin };
      line.push(turn);
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) return leave();
      void line[0]?.release();
    });
  }

  private give(id: string): void {
    const line = this.lines.get(id);
    line?.shift();
    const next = line?.[0];
    if (!next) return void this.lines.delete(id);
    next.begin();
    if (line.length > 1) void next.release(); // somebody is behind it already
  }
}
