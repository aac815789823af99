import type { DataReceiver } from '../../data-answer';
import { MemoryHost, MemoryLink } from './memory-link';
import type { PeerSession } from '../../peer-session';
import { TestHandlers } from './test-handlers';

export type Side = 'dialler' | 'listener';

export const otherSide = (side: Side): Side => (side === 'dialler' ? 'listener' : 'dialler');

/** What must be true of two devices and one session, told without any of its code. */
export class SessionModel {
  isOpen = true;
  /** Requests of each side that the other has not answered. */
  readonly waiting: Record<Side, number> = { dialler: 0, listener: 0 };
  /** Events that each side has got in this session. */
  readonly events: Record<Side, number> = { dialler: 0, listener: 0 };

  end(): void {
    this.isOpen = false;
    this.waiting.dialler = 0;
    this.waiting.listener = 0;
  }
}

/** A request under way, and how to cancel it. */
interface Pending {
  readonly abort: AbortController;
  /** The value, or the error, in order to compare without unhandled rejections. */
  readonly settled: Promise<{ value?: unknown; error?: unknown }>;
}

/** Two real sessions, driven by commands. */
export class RealSessions {
  readonly pending: Record<Side, Pending[]> = { dialler: [], listener: [] };
  readonly handlers: Record<Side, TestHandlers>;
  readonly hosts: Record<Side, MemoryHost>;
  private current?: MemoryLink;

  constructor() {
    this.handlers = { dialler: new TestHandlers(), listener: new TestHandlers() };
    this.hosts = {
      dialler: new MemoryHost('dialler', this.handlers.dialler.answer),
      listener: new MemoryHost('listener', this.handlers.listener.answer),
    };
  }

  get link(): MemoryLink {
    if (!this.current) throw new Error('No session was opened');
    return this.current;
  }

  session(side: Side): PeerSession {
    return this.link[side];
  }

  async open(): Promise<void> {
    for (const side of ['dialler', 'listener'] as const) {
      this.hosts[side].isTrusting = true;
      this.hosts[side].events.length = 0;
    }
    this.current = await MemoryLink.open(this.hosts.dialler, this.hosts.listener);
  }

  /** Resolves when both sides know that the session is over. */
  async ended(): Promise<void> {
    await Promise.all([this.link.dialler.gone, this.link.listener.gone]);
  }

  request(side: Side, pattern: string, data: unknown = null, receiver?: DataReceiver): Pending {
    const abort = new AbortController();
    const session = this.session(side);
    const answer = receiver
      ? session.requestData(pattern, data, receiver, abort.signal)
      : session.request(pattern, data, abort.signal);
    const settled = answer.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    return { abort, settled };
  }
}
