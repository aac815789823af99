import fc from 'fast-check';
import { BlockRanges } from './block-ranges';

const ranges = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 })
  .map((blocks) => blocks.sort((a, b) => a - b).map((block) => [block, 1] as const));

describe('block ranges', () => {
  it('joins runs that overlap or touch', () => {
    const blocks = new BlockRanges();
    blocks.add([[10, 5]]);
    blocks.add([
      [0, 2],
      [15, 1],
    ]);
    blocks.add([[1, 3]]);
    expect(blocks.list()).toEqual([
      [0, 4],
      [10, 6],
    ]);
    expect(blocks.blockCount).toBe(10);
    expect([3, 4, 9, 10, 15, 16].map((block) => blocks.has(block))).toEqual([true, false, false, true, true, false]);
  });

  it('holds what a set of the same blocks holds, in ascending runs with gaps between', () =>
    fc.assert(
      fc.property(fc.array(ranges, { maxLength: 6 }), (additions) => {
        const blocks = new BlockRanges();
        const model = new Set<number>();
        for (const addition of additions) {
          blocks.add(addition);
          for (const [block] of addition) model.add(block);
        }
        const listed = blocks.list().flatMap(([first, count]) => Array.from({ length: count }, (_, at) => first + at));
        expect(listed).toEqual([...model].sort((a, b) => a - b));
        blocks.list().reduce((end, [first, count]) => {
          expect(first).toBeGreaterThan(end);
          return first + count;
        }, -1);
      }),
    ));

  it('forgets the shortest runs beyond its limit', () => {
    const blocks = new BlockRanges(2);
    blocks.add([
      [0, 3],
      [5, 1],
      [9, 2],
    ]);
    expect(blocks.list()).toEqual([
      [0, 3],
      [9, 2],
    ]);
  });

  it('gives the first runs away', () => {
    const blocks = new BlockRanges();
    blocks.add([
      [0, 1],
      [2, 1],
      [4, 1],
    ]);
    expect(blocks.take(2)).toEqual([
      [0, 1],
      [2, 1],
    ]);
    expect(blocks.list()).toEqual([[4, 1]]);
  });
});
