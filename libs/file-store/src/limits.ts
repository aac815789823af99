const MIB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A data sync starts once so many written bytes wait for it. */
export const SYNC_AFTER_BYTES = 24 * MIB;

/** Writers wait when so many bytes are written but not yet in the committed block map; with 16 MiB under way: 64 MiB. */
export const MAX_UNSYNCED_BYTES = 48 * MIB;

/** A sync starts so long after the first write that waits for it, to be committed within two seconds. */
export const SYNC_AFTER_MS = 1_500;

/** Stays free on the file systems of received files and uploads; the system is asked at most so often how much is free. */
export const FREE_SPACE_RESERVE_BYTES = 64 * MIB;
export const FREE_SPACE_LOOK_MS = 500;

/** Staged files that no transfer knows are deleted when older; looked for at start, then so often. */
export const ORPHANED_STAGING_MS = 7 * DAY_MS;
export const STAGING_TIDY_MS = DAY_MS;

/** Remains of uploads of a process that died are deleted at start when older. */
export const ORPHANED_UPLOAD_MS = DAY_MS;

/** A resumable upload to which nothing came for so long is deleted; looked for so often. */
export const UPLOAD_RETENTION_MS = 7 * DAY_MS;
export const UPLOAD_EXPIRY_CHECK_MS = 60 * 60 * 1000;

/** Resumable uploads that are begun and not published, each a file and a row. */
export const MAX_UNFINISHED_UPLOADS = 1_000;

/** Bytes of an upload that are gathered for one write; two such runs are in memory. */
export const WRITE_RUN_BYTES = 1 * MIB;

/** Trash older than this is deleted for good, unless the user has set something else; looked for so often. */
export const TRASH_RETENTION_MS = 30 * DAY_MS;
export const TRASH_PURGE_INTERVAL_MS = 60 * 60 * 1000;

/** Whether the folders are where they should be is looked at so often. */
export const ABSENT_FOLDER_LOOK_MS = 2_000;

/** Entries of a folder that is renamed, deleted or restored: rows in one transaction, fewer if they take longer than this. */
export const MOVED_ROWS_PER_STEP = 64;
export const MOVE_STEP_MS = 5;

/** Files of a deleted folder that are removed for good at once. */
export const MAX_REMOVALS_IN_FLIGHT = 16;

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

/** Files up to this are hashed many at a time and before all larger ones; indexes of the database know the number, too. */
export const SMALL_FILE_BYTES = 256 * 1024;

/** Small files of one folder that one message to a hash worker names. */
export const SMALL_FILES_PER_JOB = 64;

/** Such messages under way at once, so that the workers always have one. */
export const SMALL_JOBS_IN_FLIGHT = 3;

/** Blocks of a large file that one message to a hash worker names: others come in between. */
export const SLICE_BLOCKS = 32;

/** Objects that are not listed, told of in one answer; all of them are counted. */
export const MAX_SKIPPED_TOLD = 1_000;

/** Blocks that one worker message re-hashes, so that writes are not held up behind it. */
export const RECHECK_BLOCKS = 32;

/** Least time between two progress notices of one file being hashed. */
export const HASH_PROGRESS_MS = 250;

/** Blocks of a small file are indexed for reuse with its hashes, those of a larger one in the background. */
export const INLINE_INDEXED_BLOCKS = 16;

/** Blocks indexed for reuse in one go in the background: their order is chosen in memory, so that the database is written in runs. */
export const INDEX_ROUND_BLOCKS = 65_536;

/** Blocks indexed for reuse, or looked at for dead places, in one transaction. */
export const INDEX_STEP_BLOCKS = 512;

/** Dead places of the block index are swept out once there may be so many. */
export const SWEEP_DEAD_PLACES = 65_536;

/** Places of the block index looked at for one block; of those that live still so many are tried, each costing a read. */
export const PLACES_LOOKED_AT = 64;
export const PLACES_TRIED = 4;

/** Missing blocks looked for in the block index in one turn of the event loop. */
export const LOOKUP_BLOCKS = 64;

/** Blocks in one message to a worker that copies them, and messages under way: 16 MiB not yet in the ledger. */
export const COPY_BLOCKS = 4;
export const COPIES_IN_FLIGHT = 4;

/** The backup copy of the database is made anew when older; looked at every hour. */
export const BACKUP_INTERVAL_MS = DAY_MS;
export const BACKUP_LOOK_MS = 60 * 60 * 1000;

/** ... and so long after a change that nobody can find out again, such as whom to trust. */
export const BACKUP_AFTER_MS = 5_000;
