import { MessageReader } from './message-reader';

/** Data of the request `pair.confirm`, answered with `{}`: what the sender's user said. Source: PROTOCOL.md section 7. */
export interface PairConfirm {
  /** Whether both devices show the same. */
  readonly match: boolean;
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parsePairConfirm(value: unknown): PairConfirm {
  const reader = new MessageReader('PairConfirm', value);
  return { match: reader.flag('match') };
}
