import { MAX_CONTROL_BYTES, MAX_ERROR_CHARS } from '../limits';
import { displayText } from '../text/display-text';
import { MessageReader } from './message-reader';

/** Payload of GOODBYE: the sender closes the session in good order. */
export interface Goodbye {
  /** 0 for an ordinary end, else a number of `WIRE_CODES`. */
  readonly code: number;
  /** At most 256 code points, safe to show. */
  readonly message: string;
}

/** @throws ProtocolError MALFORMED_MESSAGE. */
export function parseGoodbye(value: unknown): Goodbye {
  const reader = new MessageReader('Goodbye', value);
  return {
    code: reader.integer('code', 0, 0xffff),
    message: displayText(reader.text('message', { max: MAX_CONTROL_BYTES }), MAX_ERROR_CHARS),
  };
}
