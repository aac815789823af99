import { ProtocolError } from '../errors';
import { DATA_PREFIX_BYTES, MAX_CONTROL_BYTES, MAX_DATA_BYTES, PING_BYTES } from '../limits';

/** Frame types (u8), frozen: append, never renumber. Source: PROTOCOL.md section 3. */
export const FrameType = {
  REQUEST: 1,
  RESPONSE: 2,
  DATA: 3,
  ERROR: 4,
  CANCEL: 5,
  PING: 6,
  PONG: 7,
  EVENT: 8,
  GOODBYE: 9,
} as const;

export type FrameType = (typeof FrameType)[keyof typeof FrameType];

/** Flag bit 0: last frame of an answer. */
export const FLAG_END = 1;

/** What a header of one type may say. Lengths in payload bytes. */
interface FrameRule {
  readonly name: string;
  readonly minLength: number;
  readonly maxLength: number;
  /** Always or never: no type leaves the choice. */
  readonly carriesEnd: boolean;
  /** Allowed on stream 0. */
  readonly onSession: boolean;
  /** Allowed on streams above 0. */
  readonly onStream: boolean;
}

const JSON_PAYLOAD = {
  minLength: 1,
  maxLength: MAX_CONTROL_BYTES,
  carriesEnd: false,
};
const PING_PAYLOAD = {
  minLength: PING_BYTES,
  maxLength: PING_BYTES,
  carriesEnd: false,
};
const ON_SESSION = { onSession: true, onStream: false };
const ON_STREAM = { onSession: false, onStream: true };

const RULES: Readonly<Record<FrameType, FrameRule>> = {
  [FrameType.REQUEST]: { name: 'REQUEST', ...JSON_PAYLOAD, ...ON_STREAM },
  [FrameType.RESPONSE]: {
    name: 'RESPONSE',
    ...JSON_PAYLOAD,
    ...ON_STREAM,
    carriesEnd: true,
  },
  [FrameType.DATA]: {
    name: 'DATA',
    minLength: DATA_PREFIX_BYTES + 1,
    maxLength: MAX_DATA_BYTES,
    carriesEnd: false,
    ...ON_STREAM,
  },
  // On stream 0 it is the last word of a session.
  [FrameType.ERROR]: {
    name: 'ERROR',
    ...JSON_PAYLOAD,
    carriesEnd: true,
    onSession: true,
    onStream: true,
  },
  [FrameType.CANCEL]: {
    name: 'CANCEL',
    minLength: 0,
    maxLength: 0,
    carriesEnd: false,
    ...ON_STREAM,
  },
  [FrameType.PING]: { name: 'PING', ...PING_PAYLOAD, ...ON_SESSION },
  [FrameType.PONG]: { name: 'PONG', ...PING_PAYLOAD, ...ON_SESSION },
  [FrameType.EVENT]: { name: 'EVENT', ...JSON_PAYLOAD, ...ON_SESSION },
  [FrameType.GOODBYE]: { name: 'GOODBYE', ...JSON_PAYLOAD, ...ON_SESSION },
};

/** The rule of a type from the wire. @throws ProtocolError MALFORMED_FRAME for an unknown type. */
export function ruleOf(type: number): FrameRule {
  const rule: FrameRule | undefined = RULES[type as FrameType];
  if (!rule) throw new ProtocolError('MALFORMED_FRAME', `unknown frame type ${type}`);
  return rule;
}
