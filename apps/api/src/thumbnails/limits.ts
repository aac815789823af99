const MIB = 1024 * 1024;

/** Edge of the square that a thumbnail fits into, pixels. */
export const THUMBNAIL_EDGE = { least: 64, most: 512, usual: 256 } as const;

/** Larger image files have no thumbnail. */
export const MAX_IMAGE_BYTES = 64 * MIB;

/** Images with more pixels are refused from their header alone. */
export const MAX_IMAGE_PIXELS = 100_000_000;

/** The same for interlaced, progressive, GIF and AVIF images, which are decoded as a whole. */
export const MAX_WHOLE_IMAGE_PIXELS = 32_000_000;

/** For one image, in the process that decodes it; it is killed a little later if it does not answer. */
export const DECODE_SECONDS = 10;
export const DECODE_KILL_MS = 15_000;

/** Processes that decode images, each one image at a time. */
export const MAX_IMAGE_PROCESSES = 2;

/** A process that is not needed for so long ends. */
export const IMAGE_PROCESS_IDLE_MS = 15_000;

/** Images that wait for a process; further ones are told to come back. */
export const MAX_WAITING_IMAGES = 64;

/** Thumbnails on disk: the longest unused go first. */
export const THUMBNAIL_CACHE_BYTES = 256 * MIB;

/** Images known to have no thumbnail, so that they are not tried again each time they are looked at. */
export const MAX_KNOWN_REFUSALS = 1_000;
export const REFUSAL_LIFE_MS = 10 * 60_000;
