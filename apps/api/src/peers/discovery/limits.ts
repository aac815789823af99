/** Numbers of discovery and scanning. All of them are in docs/LIMITS.md; those that others meet, in PROTOCOL.md section 13. */

export const MDNS_PORT = 5353;

/** Records say so long how long they are good; after a kill -9 a device is gone when they are over. */
export const RECORD_TTL_S = 8;
/** Three announcements fit into the life of a record, so two may be lost. */
export const ANNOUNCE_EVERY_MS = 2_500;
export const ANNOUNCE_JITTER_MS = 150;
/** Who answers but does not announce (ordinary mDNS responders) is asked so often. */
export const QUERY_EVERY_MS = 60_000;
/** Longer lives than this are cut. */
export const MAX_RECORD_TTL_S = 120;
/** Time in which a goodbye can be contradicted by the device that it names. RFC 6762 section 10.1. */
export const GOODBYE_GRACE_MS = 1_000;

/** RFC 6762 section 6: answers of many are spread out, and no record is multicast more than once a second. */
export const REPLY_DELAY_MS = { min: 20, max: 120 } as const;
export const REPLY_PAUSE_MS = 1_000;
/** One answer to one source in this time. */
export const REPLY_PAUSE_PER_SOURCE_MS = 10_000;

/** RFC 6762 section 17. */
export const MAX_PACKET_BYTES = 9_000;
/** Questions and records in one packet, together. */
export const MAX_RECORDS = 64;
/** Packets that are decoded in one second: in all, and of one source. */
export const MAX_PACKETS_PER_SECOND = 200;
export const MAX_PACKETS_PER_SOURCE = 40;
/** Sources that are told apart. */
export const MAX_SOURCES = 256;

export const MAX_NEARBY = 256;
export const MAX_ADDRESSES = 8;
/** Devices that appear or change in one second; more come with their next announcement. */
export const MAX_NEWS_PER_SECOND = 20;
export const SWEEP_EVERY_MS = 500;

export const MAX_INTERFACES = 16;
/** Before a socket that failed is tried again. */
export const RETRY_INTERFACE_MS = 5_000;

export const MAX_SCAN_HOSTS = 1_024;
/** Longest prefix that is taken whole; of a larger network the /24 around the own address. */
export const SCAN_PREFIX_BITS = 24;
export const SCAN_AT_ONCE = 32;
/** Connection, TLS and hello with one host. */
export const SCAN_PROBE_MS = 2_000;
/** How long a device that a scan found stays in the list. */
export const SCAN_MEMORY_MS = 5 * 60_000;
