/** One file or folder of a zip, as its headers tell it. */
export interface ZipEntry {
  /** UTF-8, `/`-separated, never absolute; of a folder with a `/` at the end. */
  readonly name: string;
  /** Bytes; 0 for a folder. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** The checksum is not known before the content and follows it, in a data descriptor. */
  readonly isStreamed: boolean;
}

/** Fields that hold this are found in the zip64 extra field instead. */
const IN_ZIP64 = 0xffffffff;
const COUNT_IN_ZIP64 = 0xffff;
const VERSION = 20;
const VERSION_ZIP64 = 45;
const MADE_ON_UNIX = 3 << 8;
const FLAG_UTF8 = 1 << 11;
const FLAG_DESCRIPTOR = 1 << 3;
const [FILE_MODE, FOLDER_MODE, DOS_FOLDER] = [0o100644, 0o040755, 0x10];

/** What stands before the content. @param crc 0 when it follows in a data descriptor. Source: APPNOTE 6.3.10, section 4.3.7. */
export function localHeader(entry: ZipEntry, crc: number): Buffer {
  const name = Buffer.from(entry.name);
  const isLarge = entry.size >= IN_ZIP64;
  const known = entry.isStreamed ? 0 : entry.size;
  const extra = Buffer.concat([timeExtra(entry), ...(isLarge ? [zip64Extra([known, known])] : [])]);
  const fixed = Buffer.alloc(30);
  fixed.writeUInt32LE(0x04034b50, 0);
  writeCommon(fixed.subarray(4), entry, isLarge);
  fixed.writeUInt32LE(entry.isStreamed ? 0 : crc, 14);
  fixed.writeUInt32LE(isLarge ? IN_ZIP64 : known, 18);
  fixed.writeUInt32LE(isLarge ? IN_ZIP64 : known, 22);
  fixed.writeUInt16LE(name.length, 26);
  fixed.writeUInt16LE(extra.length, 28);
  return Buffer.concat([fixed, name, extra]);
}

/** What stands after the content; nothing when the local header said it all. Section 4.3.9. */
export function dataDescriptor(entry: ZipEntry, crc: number): Buffer {
  if (!entry.isStreamed) return Buffer.alloc(0);
  const isLarge = entry.size >= IN_ZIP64;
  const bytes = Buffer.alloc(isLarge ? 24 : 16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  for (const [index, size] of [entry.size, entry.size].entries()) {
    if (isLarge) bytes.writeBigUInt64LE(BigInt(size), 8 + index * 8);
    else bytes.writeUInt32LE(size, 8 + index * 4);
  }
  return bytes;
}

/** The line of an entry in the central directory. @param offset of its local header. Section 4.3.12. */
export function centralHeader(entry: ZipEntry, crc: number, offset: number): Buffer {
  const name = Buffer.from(entry.name);
  const isLarge = entry.size >= IN_ZIP64;
  const isFar = offset >= IN_ZIP64;
  const large = [...(isLarge ? [entry.size, entry.size] : []), ...(isFar ? [offset] : [])];
  const extra = Buffer.concat([timeExtra(entry), ...(large.length > 0 ? [zip64Extra(large)] : [])]);
  const isFolder = entry.name.endsWith('/');
  const fixed = Buffer.alloc(46);
  fixed.writeUInt32LE(0x02014b50, 0);
  fixed.writeUInt16LE(MADE_ON_UNIX | VERSION_ZIP64, 4);
  writeCommon(fixed.subarray(6), entry, large.length > 0);
  fixed.writeUInt32LE(crc, 16);
  fixed.writeUInt32LE(isLarge ? IN_ZIP64 : entry.size, 20);
  fixed.writeUInt32LE(isLarge ? IN_ZIP64 : entry.size, 24);
  fixed.writeUInt16LE(name.length, 28);
  fixed.writeUInt16LE(extra.length, 30);
  fixed.writeUInt16LE(isFolder ? DOS_FOLDER : 0, 38);
  fixed.writeUInt16LE(isFolder ? FOLDER_MODE : FILE_MODE, 40);
  fixed.writeUInt32LE(isFar ? IN_ZIP64 : offset, 42);
  return Buffer.concat([fixed, name, extra]);
}

/** The end of the zip, with the zip64 records before it where numbers ask for them. Sections 4.3.14 to 4.3.16. */
export function endRecords(count: number, directoryOffset: number, directoryBytes: number): Buffer {
  const isZip64 = count >= COUNT_IN_ZIP64 || directoryOffset >= IN_ZIP64 || directoryBytes >= IN_ZIP64;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, COUNT_IN_ZIP64), 8);
  end.writeUInt16LE(Math.min(count, COUNT_IN_ZIP64), 10);
  end.writeUInt32LE(Math.min(directoryBytes, IN_ZIP64), 12);
  end.writeUInt32LE(Math.min(directoryOffset, IN_ZIP64), 16);
  return isZip64 ? Buffer.concat([zip64End(count, directoryOffset, directoryBytes), end]) : end;
}

function zip64End(count: number, directoryOffset: number, directoryBytes: number): Buffer {
  const bytes = Buffer.alloc(56 + 20);
  bytes.writeUInt32LE(0x06064b50, 0);
  bytes.writeBigUInt64LE(44n, 4); // what follows of this record
  bytes.writeUInt16LE(MADE_ON_UNIX | VERSION_ZIP64, 12);
  bytes.writeUInt16LE(VERSION_ZIP64, 14);
  bytes.writeBigUInt64LE(BigInt(count), 24);
  bytes.writeBigUInt64LE(BigInt(count), 32);
  bytes.writeBigUInt64LE(BigInt(directoryBytes), 40);
  bytes.writeBigUInt64LE(BigInt(directoryOffset), 48);
  bytes.writeUInt32LE(0x07064b50, 56);
  bytes.writeBigUInt64LE(BigInt(directoryOffset + directoryBytes), 64);
  bytes.writeUInt32LE(1, 72); // disks
  return bytes;
}

/** Version, flags, method (0: stored) and time, which both headers have in this order. */
function writeCommon(into: Buffer, entry: ZipEntry, isZip64: boolean): void {
  const { date, time } = dosTime(entry.modifiedAt);
  into.writeUInt16LE(isZip64 ? VERSION_ZIP64 : VERSION, 0);
  into.writeUInt16LE(FLAG_UTF8 | (entry.isStreamed ? FLAG_DESCRIPTOR : 0), 2);
  into.writeUInt16LE(0, 4);
  into.writeUInt16LE(time, 6);
  into.writeUInt16LE(date, 8);
}

function zip64Extra(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + values.length * 8);
  bytes.writeUInt16LE(0x0001, 0);
  bytes.writeUInt16LE(values.length * 8, 2);
  values.forEach((value, index) => bytes.writeBigUInt64LE(BigInt(value), 4 + index * 8));
  return bytes;
}

/** Info-ZIP's extended timestamp: seconds in UTC; left out for times that its 32 bits cannot tell. */
function timeExtra({ modifiedAt }: ZipEntry): Buffer {
  const seconds = Math.floor(modifiedAt / 1000);
  if (seconds < -0x80000000 || seconds > 0x7fffffff) return Buffer.alloc(0);
  const bytes = Buffer.alloc(9);
  bytes.writeUInt16LE(0x5455, 0);
  bytes.writeUInt16LE(5, 2);
  bytes.writeUInt8(1, 4); // the modified time alone
  bytes.writeInt32LE(seconds, 5);
  return bytes;
}

/** Local time in steps of two seconds, 1980 to 2107: what programs without the extended timestamp show. */
function dosTime(timeMs: number): { date: number; time: number } {
  const at = new Date(timeMs);
  const year = at.getFullYear();
  if (year < 1980) return { date: (1 << 5) | 1, time: 0 };
  if (year > 2107) return { date: (127 << 9) | (12 << 5) | 31, time: (23 << 11) | (59 << 5) | 29 };
  return {
    date: ((year - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate(),
    time: (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1),
  };
}
