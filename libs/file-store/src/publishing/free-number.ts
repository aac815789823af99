/** Up to here every number is tried, so that few files of one name are numbered without gaps. */
const TRIED_IN_TURN = 16;
const LARGEST_NUMBER = 1_000_000;

/**
 * A number from 2 on that is free, found in few steps however many are taken: beyond the first it doubles, then halves the gap.
 * @returns undefined when there is none.
 */
export async function freeNumber(isTaken: (number: number) => Promise<boolean>): Promise<number | undefined> {
  for (let number = 2; number <= TRIED_IN_TURN; number++) if (!(await isTaken(number))) return number;
  let [taken, free] = [TRIED_IN_TURN, TRIED_IN_TURN * 2];
  while (await isTaken(free)) {
    if (free >= LARGEST_NUMBER) return undefined;
    [taken, free] = [free, free * 2];
  }
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2);
    if (await isTaken(middle)) taken = middle;
    else free = middle;
  }
  return free;
}
