const MINUTE_MS = 60_000;

/** Entries that one request may name; folders count as one. */
export const MAX_ARCHIVE_SELECTION = 10_000;

/** Files and folders in one zip, of which each takes some ten bytes of memory during the download. */
export const MAX_ARCHIVE_ENTRIES = 1_000_000;

/** Archives that can be downloaded; a further one takes the place of the oldest. */
export const MAX_ARCHIVES = 64;

export const ARCHIVE_LIFE_MS = 60 * MINUTE_MS;

/** Zips that are sent at once. */
export const MAX_ARCHIVE_DOWNLOADS = 8;

/** Files up to this size are read whole before they are sent, so that their header holds size and checksum. */
export const STREAMED_FROM_BYTES = 256 * 1024;
