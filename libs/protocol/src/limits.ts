/** Sizes and counts of `ferry/1`; a session's deadlines are its transport's. Source: PROTOCOL.md sections 3 and 10. */

/** Unit of addressing on the wire. Only a file's last chunk may be shorter. */
export const CHUNK_BYTES = 8_192;

export const CHUNKS_PER_BLOCK = 128;

/** Unit of hashing, verification and resume. Only a file's last block may be shorter. */
export const BLOCK_BYTES = CHUNK_BYTES * CHUNKS_PER_BLOCK;

/** A SHA-256 digest. */
export const HASH_BYTES = 32;

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

/** Highest stream id; a side that reached it opens a new session. */
export const MAX_STREAM = 0xffff_ffff;

/** Content bytes a requester may have asked for and not yet got, over all its streams of a session. */
export const MAX_OUTSTANDING_BYTES = 16 * 1_048_576;

/** Requests of one side without a final answer, per session. */
export const MAX_OUTSTANDING_REQUESTS = 64;

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

/** Largest file that can be pulled: 4 TiB, whose manifest is 128 MiB. */
export const MAX_FILE_BYTES = 4 * 2 ** 40;

/** Addresses in an invitation, and characters in one of them. */
export const MAX_INVITATION_ADDRESSES = 16;
export const MAX_ADDRESS_CHARS = 300;

/** A whole invitation. */
export const MAX_INVITATION_CHARS = 8_192;

/** One-time secret of an invitation. */
export const SECRET_BYTES = 32;

/** How long an invitation can be claimed. */
export const INVITATION_LIFETIME_MS = 120_000;
