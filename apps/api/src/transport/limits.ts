import { HEADER_BYTES } from '@ferry/protocol';

// Buffers and times of this implementation alone. What another device can meet is in libs/protocol/src/limits.ts.

const KIB = 1024;

/** Marks this strategy's handlers: `@MessagePattern('x', PEER_TRANSPORT)`. */
export const PEER_TRANSPORT = Symbol.for('ferry/1');

/** Time between our last byte and the end of the socket, so that the peer can read it. */
export const LINGER_MS = 50;

/** A connection that has not said hello for so long gives its place to a newer one of the same address. */
export const STALE_UNGREETED_MS = 1_000;

/** DATA bytes of the frames in which the memory of a session is counted. */
export const DATA_FRAME_BYTES = 128 * KIB;

/** Memory of one DATA frame of the usual size: header, prefix, bytes. */
export const USUAL_FRAME_BYTES = HEADER_BYTES + 8 + DATA_FRAME_BYTES;

/** DATA of one session that is being filled, waits, or is being written. 100 busy sessions stay under 64 MiB. */
export const MAX_OUTBOUND_DATA_BYTES = 4 * USUAL_FRAME_BYTES;

/** Answers without DATA of one session between their handler and the socket: 1 MiB at most when the peer does not read. */
export const MAX_PLAIN_ANSWERS = 16;

/** Above this, requests and answers wait before they are encoded. */
export const CONTROL_ROOM_BYTES = 256 * KIB;

/** Small control frames are written together up to this size. */
export const CONTROL_BATCH_BYTES = 64 * KIB;

/** Idle buffers that the pool keeps for the next frames. */
export const MAX_POOLED_BYTES = 16 * 1_024 * KIB;

/** Text of an ERROR that ends a session: the whole frame stays within 256 bytes. */
export const MAX_FATAL_MESSAGE_CHARS = 120;
