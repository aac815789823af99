import type { Deadlines, EventMessage, Hello, ProtocolErrorCode, RequestMessage } from '@ferry/protocol';
import type { FramePool } from './frame-pool';
import type { PeerSession } from './peer-session';

/** What a session needs from the transport that owns it. */
export interface SessionHost {
  readonly deadlines: Deadlines;
  readonly pool: FramePool;
  /** What this device says of itself. */
  hello(): Hello;
  /** Asked at every request, so that unpairing works at once. A promise while it is being found out: the request waits. */
  trusts(deviceId: string): boolean | Promise<boolean>;
  /** The hello came. @throws ProtocolError BUSY when there are too many sessions. */
  admit(session: PeerSession): void;
  /** Both hellos are done. */
  greeted(session: PeerSession): void;
  /** The value, or the DataAnswer, of a request. */
  answer(session: PeerSession, request: RequestMessage, signal: AbortSignal): Promise<unknown>;
  event(session: PeerSession, event: EventMessage): void;
  /** The session ended because of what the peer did, or did not do before its hello. */
  broken(session: PeerSession, code: ProtocolErrorCode): void;
  /** A fault of our own, for the log. */
  report(session: PeerSession, what: string, error: unknown): void;
}
