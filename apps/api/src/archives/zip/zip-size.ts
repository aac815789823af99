import { centralHeader, dataDescriptor, endRecords, localHeader, type ZipEntry } from './zip-records';

/** Adds up how long a zip will be, to the byte, before anything of it is read. */
export class ZipSize {
  private count = 0;
  private contentBytes = 0;
  private directoryBytes = 0;

  /** In the order of the zip: where an entry begins decides how long its line in the directory is. */
  add(entry: ZipEntry): void {
    this.directoryBytes += centralHeader(entry, 0, this.contentBytes).length;
    this.contentBytes += spanOf(entry);
    this.count += 1;
  }

  get entries(): number {
    return this.count;
  }

  get total(): number {
    const end = endRecords(this.count, this.contentBytes, this.directoryBytes);
    return this.contentBytes + this.directoryBytes + end.length;
  }
}

/** Bytes from the local header of an entry to that of the next. */
export function spanOf(entry: ZipEntry): number {
  return localHeader(entry, 0).length + entry.size + dataDescriptor(entry, 0).length;
}
