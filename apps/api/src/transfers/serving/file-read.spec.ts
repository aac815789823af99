import { BLOCK_BYTES } from '@ferry/protocol';
import { rangesOf } from '../pull/file-pull';
import { checkRanges } from './file-read';

const FILE_ID = '0'.repeat(64);
const SIZE = 20 * BLOCK_BYTES + 1; // 21 blocks

describe('checkRanges', () => {
  it('takes ranges up to the last block', () => {
    expect(() =>
      checkRanges(
        {
          fileId: FILE_ID,
          ranges: [
            [0, 8],
            [13, 8],
          ],
        },
        SIZE,
      ),
    ).not.toThrow();
  });

  it('refuses a range beyond the end', () => {
    expect(() => checkRanges({ fileId: FILE_ID, ranges: [[20, 2]] }, SIZE)).toThrow(
      expect.objectContaining({ code: 'INVALID_RANGE' }),
    );
  });

  it('refuses any block of an empty file', () => {
    expect(() => checkRanges({ fileId: FILE_ID, ranges: [[0, 1]] }, 0)).toThrow(
      expect.objectContaining({ code: 'INVALID_RANGE' }),
    );
  });
});

describe('rangesOf', () => {
  it('joins neighbours and keeps gaps', () => {
    expect(rangesOf([0, 1, 2, 5, 7, 8])).toEqual([
      [0, 3],
      [5, 1],
      [7, 2],
    ]);
    expect(rangesOf([])).toEqual([]);
  });
});
