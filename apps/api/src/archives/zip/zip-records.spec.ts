import { centralHeader, dataDescriptor, endRecords, localHeader, type ZipEntry } from './zip-records';

const FOUR_GIB = 2 ** 32;
const MODIFIED = Date.UTC(2024, 1, 29, 12, 34, 56);
const entry = (size: number, isStreamed = false): ZipEntry => ({
  name: 'a.bin',
  size,
  modifiedAt: MODIFIED,
  isStreamed,
});

/** The hex digits of bytes without the DOS time, which is local. */
function hex(bytes: Buffer, timeAt?: number): string {
  const known = Buffer.from(bytes);
  if (timeAt !== undefined) known.fill(0, timeAt, timeAt + 4);
  return known.toString('hex');
}

const bytes = (text: string) => text.replaceAll(/#.*$|\s/gm, '');
const TIME = bytes(`5554 0500 01 f079e065 # modified 2024-02-29T12:34:56Z`);

describe('zip records', () => {
  it('tells size and checksum of a small file before its content', () => {
    expect(hex(localHeader(entry(5), 0x01020304), 10)).toBe(
      bytes(`504b0304 1400 # version 2.0
        0008 0000       # names are UTF-8; stored
        00000000        # DOS time, local
        04030201 05000000 05000000
        0500 0900 612e62696e`) + TIME,
    );
    expect(dataDescriptor(entry(5), 1)).toHaveLength(0);
  });

  it('tells them of a streamed file afterwards', () => {
    expect(hex(localHeader(entry(5, true), 0), 10)).toBe(
      bytes(`504b0304 1400 0808 0000 00000000 00000000 00000000 00000000 0500 0900 612e62696e`) + TIME,
    );
    expect(hex(dataDescriptor(entry(5, true), 0x01020304))).toBe(bytes(`504b0708 04030201 05000000 05000000`));
  });

  it('uses eight bytes for sizes from 4 GiB - 1 on', () => {
    expect(hex(localHeader(entry(FOUR_GIB, true), 0), 10)).toBe(
      bytes(`504b0304 2d00 0808 0000 00000000 00000000 ffffffff ffffffff 0500 1d00 612e62696e`) +
        TIME +
        bytes(`0100 1000 0000000000000000 0000000000000000`),
    );
    expect(hex(dataDescriptor(entry(FOUR_GIB, true), 1))).toBe(
      bytes(`504b0708 01000000 0000000001000000 0000000001000000`),
    );
    expect(dataDescriptor(entry(FOUR_GIB - 2, true), 1)).toHaveLength(16);
    expect(dataDescriptor(entry(FOUR_GIB - 1, true), 1)).toHaveLength(24);
  });

  it.each([
    ['neither', 5, 7, '', '05000000', '07000000'],
    ['the size', FOUR_GIB, 7, '0100 1000 0000000001000000 0000000001000000', 'ffffffff', '07000000'],
    ['the offset', 5, FOUR_GIB, '0100 0800 0000000001000000', '05000000', 'ffffffff'],
    [
      'both',
      FOUR_GIB,
      FOUR_GIB,
      '0100 1800 0000000001000000 0000000001000000 0000000001000000',
      'ffffffff',
      'ffffffff',
    ],
  ])('puts into the zip64 field of the directory what is large: %s', (_, size, offset, zip64, sizes, offsets) => {
    const header = centralHeader(entry(size, true), 1, offset);
    expect(hex(header.subarray(20, 28))).toBe(sizes.repeat(2));
    expect(hex(header.subarray(42, 46))).toBe(offsets);
    expect(hex(header.subarray(46))).toBe(bytes('612e62696e') + TIME + bytes(zip64));
    expect(header.readUInt16LE(6)).toBe(zip64 === '' ? 20 : 45);
  });

  it('ends with zip64 records only when a number asks for them', () => {
    expect(hex(endRecords(2, 0x1000, 0x200))).toBe(bytes(`504b0506 0000 0000 0200 0200 00020000 00100000 0000`));
    expect(hex(endRecords(0x10000, 2 ** 33, 2 ** 34))).toBe(
      bytes(`504b0606 2c00000000000000 2d03 2d00 00000000 00000000
        0000010000000000 0000010000000000 0000000004000000 0000000002000000
        504b0607 00000000 0000000006000000 01000000
        504b0506 0000 0000 ffff ffff ffffffff ffffffff 0000`),
    );
  });
});
