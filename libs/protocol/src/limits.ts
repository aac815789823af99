/**
 * Every number of `ferry/1` that another implementation or an attacker meets, by subject. They are listed in LIMITS.md and
 * PROTOCOL.md section 10. Sizes are bytes and times milliseconds unless a name says otherwise.
 */

// Content

/** Unit of addressing on the wire. Only a file's last chunk may be shorter. */
export const CHUNK_BYTES = 8_192;

export const CHUNKS_PER_BLOCK = 128;

/** Unit of hashing, verification and resume. Only a file's last block may be shorter. */
export const BLOCK_BYTES = CHUNK_BYTES * CHUNKS_PER_BLOCK;

/** A SHA-256 digest. */
export const HASH_BYTES = 32;

// Frames

/** Application protocol (ALPN) of every connection. */
export const ALPN = 'ferry/1';

/** Fixed part of every frame. */
export const HEADER_BYTES = 12;

/** First bytes of every DATA payload; their meaning is the request's. */
export const DATA_PREFIX_BYTES = 8;

/** Payload of PING and PONG: opaque, echoed. */
export const PING_BYTES = 8;

/** Payload of a JSON frame: REQUEST, RESPONSE, ERROR, EVENT, GOODBYE. */
export const MAX_CONTROL_BYTES = 65_536;

/** Payload of a DATA frame: prefix and at most 256 KiB. */
export const MAX_DATA_BYTES = 262_144 + DATA_PREFIX_BYTES;

/** Chunks in one DATA frame of `file.read`. */
export const MAX_CHUNKS_PER_FRAME = 32;

/** Block hashes in one DATA frame of `file.manifest`. */
export const MAX_MANIFEST_HASHES_PER_FRAME = 8_192;

// Requests

/** Highest stream id; a side that reached it opens a new session. */
export const MAX_STREAM = 0xffff_ffff;

/** Content bytes a requester may have asked for and not yet got, over all its streams of a session. */
export const MAX_OUTSTANDING_BYTES = 16 * 1_048_576;

/** Requests of one side without a final answer, per session; further ones are refused. */
export const MAX_OUTSTANDING_REQUESTS = 64;

/** Requests that a peer may have open, the refused ones with them, before its session ends. */
export const MAX_OPEN_REQUESTS = 128;

/** Frames a second that cost their receiver work without an answer being waited for. PONG counts as PING does. */
export const MAX_PINGS_PER_SECOND = 100;
export const MAX_CANCELS_PER_SECOND = 100;
export const MAX_EVENTS_PER_SECOND = 1_000;

/** What an unpaired device may send in one session after its hello: payloads a second, and one REQUEST. */
export const MAX_STRANGER_BYTES_PER_SECOND = 1_048_576;
export const MAX_STRANGER_REQUEST_BYTES = 4_096;

/** Requests of an unpaired device without an answer; what it asks is held in memory meanwhile. */
export const MAX_STRANGER_REQUESTS = 8;

/** Answers on streams that had ended already are ignored, up to so many in a session. */
export const MAX_LATE_ANSWERS = 64;

/** Control bytes that may wait in one session; a peer that lets more pile up does not read, and loses its session. */
export const MAX_CONTROL_QUEUE_BYTES = 1_048_576;

/** DATA that still comes for one request after it was cancelled. */
export const MAX_LATE_DATA_BYTES = 64 * 1_048_576;

// Messages

/** Nesting of arrays and objects in a control payload; a scalar alone has depth 0. */
export const MAX_JSON_DEPTH = 8;

/** Device name in code points. */
export const MAX_NAME_CHARS = 64;

/** Text of an ERROR or GOODBYE in code points; what is longer is cut. */
export const MAX_ERROR_CHARS = 256;

/** Request and event pattern. */
export const MAX_PATTERN_CHARS = 64;

/** Features in a Hello, and characters in each of them. */
export const MAX_FEATURES = 32;
export const MAX_FEATURE_CHARS = 32;

/** Entry id, opaque to all but its owner. */
export const MAX_ENTRY_ID_CHARS = 128;

/** Name of an entry in UTF-16 units. */
export const MAX_ENTRY_NAME_CHARS = 512;

/** Path of an entry in UTF-16 units. */
export const MAX_ENTRY_PATH_CHARS = 4_096;

/** Cursor of a page, opaque to all but its maker. */
export const MAX_CURSOR_CHARS = 1_024;

/** Search text in UTF-16 units. */
export const MAX_QUERY_CHARS = 256;

/** Entries in one page of `files.list`; the 64 KiB of a control payload mostly end a page sooner. */
export const MAX_LIST_ENTRIES = 1_000;

/** Ranges in one `file.read`. */
export const MAX_READ_RANGES = 64;

/** Blocks in one `file.read`, over all its ranges. */
export const MAX_READ_BLOCKS = MAX_OUTSTANDING_BYTES / BLOCK_BYTES;

/** Bytes that one `link.probe` may ask for. */
export const MAX_PROBE_BYTES = 64 * 1_048_576;

/** Largest file that can be pulled: 4 TiB, whose manifest is 128 MiB. */
export const MAX_FILE_BYTES = 4 * 2 ** 40;

// Connections and sessions

/** Connections that have not finished their hello: in all, and from one address (IPv4, or one /64 of IPv6). */
export const MAX_UNGREETED = 64;
export const MAX_UNGREETED_PER_ADDRESS = 8;

/** Sessions in all, and with one device. */
export const MAX_SESSIONS = 1_024;
export const MAX_SESSIONS_PER_DEVICE = 4;

/** Sessions that unpaired devices of one address may have dialled. */
export const MAX_STRANGERS_PER_ADDRESS = 32;

// Bans

/** Broken rules after which a device, or an address, is refused. */
export const MAX_VIOLATIONS_PER_DEVICE = 5;
export const MAX_VIOLATIONS_PER_ADDRESS = 20;

/** Devices, and addresses, whose violations are remembered: each. */
export const MAX_SUSPECTS = 4_096;

// Pairing

/** Addresses in an invitation, and characters in one of them. */
export const MAX_INVITATION_ADDRESSES = 16;
export const MAX_ADDRESS_CHARS = 300;

/** A whole invitation. */
export const MAX_INVITATION_CHARS = 8_192;

/** One-time secret of an invitation. */
export const SECRET_BYTES = 32;

/** Random number of each side of a comparison. */
export const NONCE_BYTES = 32;

/** What a comparison takes of the TLS exporter. */
export const SAS_EXPORTER_BYTES = 32;

/** What two users compare. */
export const SAS_DIGITS = 6;
export const SAS_SYMBOL_COUNT = 4;

/** How long an invitation can be claimed. */
export const INVITATION_LIFETIME_MS = 120_000;

/** Invitations of one device that wait for a claimer. */
export const MAX_OPEN_INVITATIONS = 16;

/** Wrong proofs, or comparisons that fail, of one device before it is locked out; of all devices in a minute. */
export const MAX_PAIRING_TRIES_PER_DEVICE = 3;
export const MAX_PAIRING_TRIES_PER_MINUTE = 10;
export const PAIRING_LOCK_OUT_MS = 600_000;

/** Both users must have compared by then. */
export const COMPARISON_LIFETIME_MS = 120_000;

/** From the answer to `pair.start` to `pair.reveal`: nobody is asked for it. */
export const REVEAL_TIMEOUT_MS = 5_000;

/** Pairing mode closes by itself. */
export const PAIRING_MODE_MS = 300_000;

// Times

/** How long each step with a peer may take, in milliseconds. */
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
  /** A closing session is destroyed by then, whatever the peer does: one that is cut is gone within a second. */
  readonly closeMs: number;
  /** An older session must answer a PING by then to outlive a newer one. */
  readonly verifyMs: number;
  /** A session that lost against another one closes when it was unused for so long. */
  readonly retireMs: number;
  /** Between two PINGs that tell whether a paired peer is online; two without an answer mean that it is not. */
  readonly heartbeatMs: number;
  /** Violations that lie further back are forgotten. */
  readonly violationMemoryMs: number;
  /** How long a ban lasts. */
  readonly banMs: number;
}

export const DEFAULT_DEADLINES: Deadlines = Object.freeze({
  connectMs: 10_000,
  handshakeMs: 10_000,
  helloMs: 5_000,
  frameMs: 15_000,
  pingAfterMs: 30_000,
  idleMs: 90_000,
  writeMs: 60_000,
  closeMs: 900,
  verifyMs: 5_000,
  retireMs: 1_000,
  heartbeatMs: 10_000,
  violationMemoryMs: 600_000,
  banMs: 600_000,
});

/** The deadlines times `scale`, which tests take below 1 to see them pass. */
export function scaleDeadlines(scale: number): Deadlines {
  const scaled = Object.entries(DEFAULT_DEADLINES).map(([name, ms]) => [name, ms * scale]);
  return Object.freeze(Object.fromEntries(scaled) as Deadlines);
}

// Offers

/** Files in one offer. */
export const MAX_OFFER_FILES = 100_000;

/** Offer id. */
export const MAX_OFFER_ID_CHARS = 64;

/** Message of an offer in code points; what is longer is cut. */
export const MAX_OFFER_MESSAGE_CHARS = 1_024;

/** For how long an offer can be answered: what its maker says, at most a day. */
export const MAX_OFFER_LIFETIME_MS = 86_400_000;
export const OFFER_LIFETIME_MS = 600_000;

/** Offers of one peer that nobody has answered yet; further ones are refused. */
export const MAX_WAITING_OFFERS = 32;

/** Ranges in one `blocks.available`, and kept of one file. */
export const MAX_AVAILABLE_RANGES = 256;

/** Files of which a session remembers the blocks that the peer has. */
export const MAX_AVAILABLE_FILES = 64;
