import { MessageReader } from './message-reader';
import { PATTERN_RULE } from './patterns';

/** Payload of EVENT: one way, no answer. */
export interface EventMessage {
  readonly pattern: string;
  /** Judged by the parser of its pattern; `null` when absent. */
  readonly data: unknown;
}

/** @throws ProtocolError MALFORMED_MESSAGE. An unknown pattern is not malformed: ignore it. */
export function parseEvent(value: unknown): EventMessage {
  const reader = new MessageReader('Event', value);
  return {
    pattern: reader.text('pattern', PATTERN_RULE),
    data: reader.value('data') ?? null,
  };
}
