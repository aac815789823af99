import fc from 'fast-check';
import { freeNumber } from './free-number';

describe('freeNumber', () => {
  /** With the numbers below `first` taken. */
  async function search(first: number): Promise<{ found: number | undefined; looks: number }> {
    let looks = 0;
    const found = await freeNumber((number) => {
      looks += 1;
      return Promise.resolve(number < first);
    });
    return { found, looks };
  }

  it('leaves no gaps, in few steps', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 900_000 }), async (first) => {
        const { found, looks } = await search(first);
        expect(found).toBe(first);
        expect(looks).toBeLessThanOrEqual(55);
      }),
    ));

  it('fills the first gaps', async () => {
    expect(await freeNumber((number) => Promise.resolve(number !== 5 && number < 100))).toBe(5);
  });

  it('only ever finds what is free', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 2, max: 200 })), async (taken) => {
        const found = await freeNumber((number) => Promise.resolve(taken.includes(number)));
        expect(taken).not.toContain(found);
      }),
    ));

  it('gives up at a million', async () => expect((await search(Infinity)).found).toBeUndefined());
});
