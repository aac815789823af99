import { MessageReader } from './message-reader';
import { PATTERN_RULE } from './patterns';

/** Payload of REQUEST. */
export interface RequestMessage {
  readonly pattern: string;
  /** Judged by the parser of its pattern; `null` when absent. */
  readonly data: unknown;
}

/** @throws ProtocolError MALFORMED_MESSAGE. An unknown pattern is not malformed. */
export function parseRequest(value: unknown): RequestMessage {
  const reader = new MessageReader('Request', value);
  return {
    pattern: reader.text('pattern', PATTERN_RULE),
    data: reader.value('data') ?? null,
  };
}
