import type { PeerSession } from './peer-session';

/** Which session a line of the log is about. */
export function describe({ peerId, remoteAddress }: PeerSession): string {
  return `${peerId.slice(0, 7)} at ${remoteAddress}`;
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
