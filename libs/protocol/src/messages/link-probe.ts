import { MAX_PROBE_BYTES } from '../limits';
import { MessageReader } from './message-reader';

/** Data of the request `link.probe`: bytes without a meaning, as DATA, to find out how fast the line is. */
export interface LinkProbe {
  /** Bytes wanted, the prefixes of the frames not counted. */
  readonly bytes: number;
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parseLinkProbe(value: unknown): LinkProbe {
  const reader = new MessageReader('LinkProbe', value);
  return { bytes: reader.integer('bytes', 1, MAX_PROBE_BYTES) };
}
