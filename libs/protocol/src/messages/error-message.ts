import { codeFromWire, ProtocolError } from '../errors';
import { MAX_CONTROL_BYTES, MAX_ERROR_CHARS } from '../limits';
import { displayText } from '../text/display-text';
import { MessageReader } from './message-reader';

/** Payload of ERROR. */
export interface ErrorMessage {
  /** u16 of `WIRE_CODES`, or of a later version. */
  readonly code: number;
  /** The code's name, for people who read a trace; `code` decides. */
  readonly name: string;
  /** At most 256 code points, safe to show. */
  readonly message: string;
}

/** @throws ProtocolError MALFORMED_MESSAGE. An over-long or unsafe text is not malformed: it is cut and cleaned. */
export function parseErrorMessage(value: unknown): ErrorMessage {
  const reader = new MessageReader('Error', value);
  return {
    code: reader.integer('code', 1, 0xffff),
    name: reader.text('name', {
      min: 1,
      max: 64,
      pattern: /^[A-Z][A-Z0-9_]*$/,
    }),
    message: displayText(reader.text('message', { max: MAX_CONTROL_BYTES }), MAX_ERROR_CHARS),
  };
}

/** What an ERROR frame says about `error`; its cause and stack stay here. */
export function errorMessageOf(error: ProtocolError): ErrorMessage {
  return {
    code: error.wireCode,
    name: error.code,
    message: displayText(error.message, MAX_ERROR_CHARS),
  };
}

/** The remote's ERROR as an error of our own; codes of a later version become INTERNAL. */
export function errorFromMessage({ code, message }: ErrorMessage): ProtocolError {
  return new ProtocolError(codeFromWire(code), message);
}
