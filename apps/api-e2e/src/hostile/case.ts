import type { Ground } from './ground';

/** What the node is in the case: it listens and the attacker dials, or it dials the attacker. */
export type Role = 'server' | 'client';

/**
 * K = connection closed, at most one ERROR frame of 256 bytes; E = ERROR reply, connection kept; I = ignored;
 * T = closed by a deadline; B = backpressure, memory bounded; OK = must work.
 */
export type Verdict = 'K' | 'E' | 'I' | 'T' | 'B' | 'OK';

/** One hostile sequence in one role. */
export interface HostileCase {
  /** From `ids.ts`. */
  readonly id: string;
  readonly role: Role;
  readonly title: string;
  readonly expect: Verdict;
  /** Runs after the others of its group, one by one: it would disturb them (global limits, whole-process effects). */
  readonly alone?: boolean;
  /** Sends the sequence and judges the answer; throws when the verdict is another one. */
  readonly run: (ground: Ground) => Promise<void>;
}

/** A sequence that cannot be sent to a node in this role, and why. */
export interface NotApplicable {
  readonly id: string;
  readonly role: Role;
  readonly reason: string;
}

export type Row = HostileCase | NotApplicable;

/** Sequences that share one node. */
export interface HostileGroup {
  /** The letter in `ids.ts`. */
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** Growth of the node's memory after garbage collection that is allowed, MiB; 16 without this. */
  readonly memoryMiB?: number;
  /** Settings of the node beside those of every group. */
  readonly env?: Readonly<Record<string, string>>;
}

export function isCase(row: Row): row is HostileCase {
  return 'run' in row;
}

/** The same sequence does not apply in both roles, for the same reason. */
export function inNeitherRole(id: string, reason: string): NotApplicable[] {
  return [
    { id, role: 'server', reason },
    { id, role: 'client', reason },
  ];
}
