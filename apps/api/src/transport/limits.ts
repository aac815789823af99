import { HEADER_BYTES } from '@ferry/protocol';

const KIB = 1024;

/** Application protocol of every connection. DESIGN section 4. */
export const ALPN = 'ferry/1';

/** Marks this strategy's handlers: `@MessagePattern('x', PEER_TRANSPORT)`. */
export const PEER_TRANSPORT = Symbol.for('ferry/1');

/** How long each step with a peer may take, in milliseconds. Tests scale them down. */
export interface Deadlines {
  /** TCP connect and TLS handshake of an outbound connection, each. */
  readonly connectMs: number;
  /** TLS handshake of an inbound connection. */
  readonly handshakeMs: number;
  /** From the end of the handshake to the end of both hellos. */
  readonly helloMs: number;
  /** A frame that was begun must be whole by then. */
  readonly frameMs: number;
  /** Silence after which a PING asks for a sign of life. */
  readonly pingAfterMs: number;
  /** Silence that ends the session. */
  readonly idleMs: number;
  /** One write to the socket that does not finish ends the session. */
  readonly writeMs: number;
  /** A closing session is destroyed by then, whatever the peer does. */
  readonly closeMs: number;
  /** Time between our last byte and the end of the socket, so that the peer can read it. */
  readonly lingerMs: number;
  /** An older session must answer a PING by then to outlive a newer one. */
  readonly verifyMs: number;
  /** A session that lost against another one closes when it was unused for so long. */
  readonly retireMs: number;
}

export const DEFAULT_DEADLINES: Deadlines = Object.freeze({
  connectMs: 10_000,
  handshakeMs: 10_000,
  helloMs: 5_000,
  frameMs: 15_000,
  pingAfterMs: 30_000,
  idleMs: 90_000,
  writeMs: 60_000,
  closeMs: 1_000,
  lingerMs: 50,
  verifyMs: 5_000,
  retireMs: 1_000,
});

/** Connections that have not finished their hello: in all, and from one address. */
export const MAX_UNGREETED = 64;
export const MAX_UNGREETED_PER_ADDRESS = 8;

export const MAX_SESSIONS = 1_024;
export const MAX_SESSIONS_PER_DEVICE = 4;

/** Payload of one DATA frame of `file.read`, without its prefix: fastest of the sizes measured. */
export const DATA_FRAME_BYTES = 128 * KIB;

/** Memory of one DATA frame of the usual size: header, prefix, bytes. */
export const USUAL_FRAME_BYTES = HEADER_BYTES + 8 + DATA_FRAME_BYTES;

/** DATA of one session that is being filled, waits, or is being written. 100 busy sessions stay under 64 MiB. */
export const MAX_OUTBOUND_DATA_BYTES = 4 * USUAL_FRAME_BYTES;

/** Above this, requests and answers wait before they are encoded. */
export const CONTROL_ROOM_BYTES = 256 * KIB;

/** Control bytes that may wait in one session; a peer that lets more pile up does not read, and loses its session. */
export const MAX_CONTROL_QUEUE_BYTES = 1_024 * KIB;

/** Small control frames are written together up to this size. */
export const CONTROL_BATCH_BYTES = 64 * KIB;

/** Idle buffers that the pool keeps for the next frames. */
export const MAX_POOLED_BYTES = 16 * 1_024 * KIB;

/** Requests that a peer may have open before its session ends; from MAX_OUTSTANDING_REQUESTS on they are refused. */
export const MAX_OPEN_REQUESTS = 128;

/** Frames a second that cost us work without an answer being waited for. */
export const MAX_PINGS_PER_SECOND = 100;
export const MAX_CANCELS_PER_SECOND = 100;
export const MAX_EVENTS_PER_SECOND = 1_000;

/** Answers on streams that had ended already are ignored, up to so many in a session. */
export const MAX_LATE_ANSWERS = 64;

/** Text of an ERROR that ends a session: the whole frame stays within 256 bytes. */
export const MAX_FATAL_MESSAGE_CHARS = 120;
