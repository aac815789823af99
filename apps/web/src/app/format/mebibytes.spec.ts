import { readMebibytes, toMebibytes } from './mebibytes';

describe('mebibytes', () => {
  it('reads what the user entered, and shows the same again', () => {
    expect(readMebibytes(' 500 ')).toBe(524_288_000);
    expect(toMebibytes(524_288_000)).toBe(500);
    expect(readMebibytes('0')).toBe(0);
  });

  it.each(['', '-1', '1.5', '5 MB', '9999999999999', '99999999999'])('takes %p for no size', (text) =>
    expect(readMebibytes(text)).toBeNull(),
  );
});
