const MIB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A data sync starts once so many written bytes wait for it. */
export const SYNC_AFTER_BYTES = 24 * MIB;

/** Writers wait when so many bytes are written but not yet in the committed block map; with 16 MiB under way: 64 MiB. */
export const MAX_UNSYNCED_BYTES = 48 * MIB;

/** A sync starts so long after the first write that waits for it, to be committed within two seconds. */
export const SYNC_AFTER_MS = 1_500;

/** Stays free on the file system of the received files. */
export const FREE_SPACE_RESERVE_BYTES = 64 * MIB;

/** Staged files that no transfer knows are deleted at start when older. */
export const ORPHANED_STAGING_MS = 7 * DAY_MS;

/** Remains of uploads of a process that died are deleted at start when older. */
export const ORPHANED_UPLOAD_MS = DAY_MS;

/** Trash older than this is deleted for good at start. */
export const TRASH_RETENTION_MS = 30 * DAY_MS;

/** Who might see a shared file that is gone from the disk is remembered for so long, in case it comes back. */
export const GONE_RETENTION_MS = 30 * DAY_MS;

/** Path depth, of names from outside as well as of the share. */
export const MAX_PATH_COMPONENTS = 64;

/** UTF-8 bytes of a whole relative path from outside. */
export const MAX_PATH_BYTES = 4096;

/** UTF-8 bytes of one component: the limit of ext4, APFS and NTFS-over-Linux. */
export const MAX_NAME_BYTES = 255;

/** Files looked at per step of a scan, and rows per transaction. */
export const SCAN_BATCH = 256;

/** Changes on disk are collected for so long before they are looked at. */
export const WATCH_DEBOUNCE_MS = 150;

/** A file that was just changed by hand is hashed only after it was quiet for so long. */
export const SETTLE_MS = 250;

/** Beyond so many changed paths in one go the whole root is scanned instead. */
export const MAX_TARGETED_PATHS = 2_000;

/** Full scan in case the system dropped change notices. */
export const RESCAN_INTERVAL_MS = 10 * 60 * 1000;

/** Files under way to the hash workers at once, so that small ones keep the workers busy and share commits. */
export const HASHES_IN_FLIGHT = 32;

/** No further file is sent to the hash workers while so much is under way: a small one should not wait behind many large ones. */
export const HASHING_BYTES_IN_FLIGHT = 64 * MIB;

/** Blocks that one worker message re-hashes, so that writes are not held up behind it. */
export const RECHECK_BLOCKS = 32;

/** Least time between two progress notices of one file being hashed. */
export const HASH_PROGRESS_MS = 250;
