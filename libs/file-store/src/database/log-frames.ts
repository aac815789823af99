import { readSync } from 'node:fs';

/** How far a write-ahead log is known to go. */
export interface LogPosition {
  /** Both salts of the log: each time SQLite begins it anew the first is one higher. */
  readonly salts: readonly [number, number];
  /** End of the last frame that was committed and synced, from the start of the file; 0 = none was. */
  readonly bytes: number;
}

/** What a log file says about itself: https://sqlite.org/fileformat2.html#the_write_ahead_log */
export interface LogHeader {
  readonly salts: readonly [number, number];
  readonly pageBytes: number;
  /** Checksums are made of little-endian words. */
  readonly isLittleEndian: boolean;
  /** Over the first 24 bytes, as stored; the first frame's goes on from it. */
  readonly checksum: readonly [number, number];
}

export const LOG_HEADER_BYTES = 32;
export const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE_ENDIAN = 0x377f0682;
const MAGIC_BIG_ENDIAN = 0x377f0683;
/** Bytes of a frame's header that its checksum covers, before its page. */
const COVERED_BYTES = 8;
const FRAMES_AT_ONCE = 256;

/** @returns nothing when there is no whole header. */
export function readLogHeader(fd: number): LogHeader | undefined {
  const bytes = Buffer.alloc(LOG_HEADER_BYTES);
  if (readSync(fd, bytes, 0, LOG_HEADER_BYTES, 0) < LOG_HEADER_BYTES) return undefined;
  const magic = bytes.readUInt32BE(0);
  if (magic !== MAGIC_LITTLE_ENDIAN && magic !== MAGIC_BIG_ENDIAN) return undefined;
  return {
    salts: [bytes.readUInt32BE(16), bytes.readUInt32BE(20)],
    pageBytes: bytes.readUInt32BE(8),
    isLittleEndian: magic === MAGIC_LITTLE_ENDIAN,
    checksum: [bytes.readUInt32BE(24), bytes.readUInt32BE(28)],
  };
}

/** Whether all frames up to `position` are in the log and whole. A log that was begun anew since holds what is not in the database yet. */
export function holdsUpTo(fd: number, position: LogPosition): boolean {
  if (position.bytes === 0) return true;
  const header = readLogHeader(fd);
  if (!header) return false;
  const [first, second] = header.salts;
  const begunAnew = (first - position.salts[0]) | 0; // the counter wraps
  if (begunAnew !== 0) return begunAnew > 0;
  return second === position.salts[1] && areFramesWhole(fd, header, position.bytes);
}

function areFramesWhole(fd: number, header: LogHeader, end: number): boolean {
  const frameBytes = FRAME_HEADER_BYTES + header.pageBytes;
  const buffer = Buffer.alloc(frameBytes * FRAMES_AT_ONCE);
  let sums = header.checksum;
  for (let at = LOG_HEADER_BYTES; at < end; at += buffer.length) {
    const wanted = Math.min(buffer.length, end - at);
    if (readSync(fd, buffer, 0, wanted, at) < wanted) return false;
    for (let frame = 0; frame < wanted; frame += frameBytes) {
      const isOfThisLog =
        buffer.readUInt32BE(frame + 8) === header.salts[0] && buffer.readUInt32BE(frame + 12) === header.salts[1];
      sums = checksum(buffer.subarray(frame, frame + COVERED_BYTES), header, sums);
      sums = checksum(buffer.subarray(frame + FRAME_HEADER_BYTES, frame + frameBytes), header, sums);
      const stored = [buffer.readUInt32BE(frame + 16), buffer.readUInt32BE(frame + 20)];
      if (!isOfThisLog || stored[0] !== sums[0] || stored[1] !== sums[1]) return false;
    }
  }
  return true;
}

/** SQLite's own: two sums over 32-bit words, each taking in the other. */
function checksum(bytes: Buffer, { isLittleEndian }: LogHeader, from: readonly [number, number]): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let [one, two] = from;
  for (let at = 0; at < bytes.length; at += 8) {
    one = (one + view.getUint32(at, isLittleEndian) + two) >>> 0;
    two = (two + view.getUint32(at + 4, isLittleEndian) + one) >>> 0;
  }
  return [one, two];
}
