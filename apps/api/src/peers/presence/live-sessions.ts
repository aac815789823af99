import type { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import type { PeersOptions } from '../peers-options';
import { Heartbeat } from './heartbeat';

export interface LiveSessionsListener {
  online(): void;
  offline(error?: PeerError): void;
  /** The latency moved enough to be shown. */
  latency(): void;
}

/** By how much the latency must move before that is worth an event: a share, and milliseconds. */
const LATENCY_STEP = 0.25;
const LATENCY_STEP_MS = 1;

/** The open sessions of one peer. Both sides may dial at once, so there can be two; the first is used and watched. */
export class LiveSessions {
  private sessions: PeerSession[] = [];
  private heartbeat?: Heartbeat;
  private shownLatencyMs?: number;

  constructor(
    private readonly options: PeersOptions,
    private readonly listener: LiveSessionsListener,
  ) {}

  get current(): PeerSession | undefined {
    return this.sessions[0];
  }

  get latencyMs(): number | undefined {
    return this.heartbeat?.latencyMs;
  }

  add(session: PeerSession): void {
    if (this.sessions.includes(session)) return;
    this.sessions.push(session);
    session.onClose((error) => this.drop(session, error));
    if (this.sessions.length > 1) return;
    this.watch(session);
    this.listener.online();
  }

  /** Forgets the sessions without closing them. */
  clear(): void {
    this.heartbeat?.stop();
    this.heartbeat = undefined;
    this.sessions = [];
  }

  private drop(session: PeerSession, error?: PeerError): void {
    if (!this.sessions.includes(session)) return;
    const wasCurrent = this.current === session;
    this.sessions = this.sessions.filter((each) => each !== session);
    if (!wasCurrent) return;
    this.heartbeat?.stop();
    if (this.current) {
      this.watch(this.current);
      return;
    }
    const failure = this.heartbeat?.failure ?? error;
    this.heartbeat = undefined;
    this.shownLatencyMs = undefined;
    this.listener.offline(failure);
  }

  private watch(session: PeerSession): void {
    this.heartbeat = new Heartbeat(session, this.options, (latencyMs) => this.measured(latencyMs));
    this.heartbeat.start();
  }

  private measured(latencyMs: number): void {
    const shownMs = this.shownLatencyMs ?? Infinity;
    if (Math.abs(latencyMs - shownMs) <= Math.max(LATENCY_STEP_MS, latencyMs * LATENCY_STEP)) return;
    this.shownLatencyMs = latencyMs;
    this.listener.latency();
  }
}
