import { ProtocolError } from '../errors';
import { deviceName } from '../identity/device-name';
import { MAX_CONTROL_BYTES, MAX_FEATURE_CHARS, MAX_FEATURES } from '../limits';
import { MessageReader } from './message-reader';

/** The version that this library speaks: the `1` of `ferry/1`. */
export const PROTOCOL_VERSION = 1;

/** Extensions that this library knows, as a Hello names them. PROTOCOL.md section 11. */
export const FEATURES = {
  /** Folders are entries: told in lists, described, offered when empty. */
  folders: 'folders',
} as const;

/** Data of the request `hello` and of its answer. */
export interface Hello {
  readonly protocol: typeof PROTOCOL_VERSION;
  /** What the user calls the device: 1 to 64 code points, safe to show. A claim, never an identity. */
  readonly name: string;
  /** Extensions that the sender understands; unknown ones are ignored. */
  readonly features: readonly string[];
  /** TCP port on which the sender accepts sessions; absent when it cannot be dialled. */
  readonly port?: number;
}

const FEATURE = /^[a-z][a-z0-9.-]*$/;

/** @throws ProtocolError MALFORMED_MESSAGE, UNSUPPORTED_VERSION. A strange device name is not malformed: it is cleaned. */
export function parseHello(value: unknown): Hello {
  const reader = new MessageReader('Hello', value);
  const protocol = reader.integer('protocol', 0, 0xffff);
  if (protocol !== PROTOCOL_VERSION) {
    throw new ProtocolError('UNSUPPORTED_VERSION', `protocol ${protocol}, this device speaks ${PROTOCOL_VERSION}`);
  }
  const port = reader.optionalInteger('port', 1, 65_535);
  return {
    protocol,
    name: deviceName(reader.text('name', { max: MAX_CONTROL_BYTES })),
    features: parseFeatures(reader),
    ...(port === undefined ? {} : { port }),
  };
}

function parseFeatures(reader: MessageReader): readonly string[] {
  return reader.list('features', MAX_FEATURES).map((feature) => {
    if (typeof feature !== 'string' || feature.length > MAX_FEATURE_CHARS || !FEATURE.test(feature)) {
      return reader.fail('features', 'holds something that is not a feature name');
    }
    return feature;
  });
}
