import { MAX_UNGREETED, MAX_UNGREETED_PER_ADDRESS } from '@ferry/protocol';
import { Admission, sourceOf } from './admission';
import { STALE_UNGREETED_MS } from './limits';

describe('sourceOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:DB8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['FEBF::2%wlan0', 'febf::2%wlan0'],
    ['::1', '0:0:0:0'],
    ['', ''],
  ])('counts %s as %s', (address, source) => expect(sourceOf(address)).toBe(source));
});

describe('admission', () => {
  let now: number;
  let dropped: string[];
  let admission: Admission;
  beforeEach(() => {
    now = 5_000;
    dropped = [];
    admission = new Admission(() => now);
  });
  const enter = (address: string): (() => void) | undefined => admission.enter(address, () => dropped.push(address));
  const enterMany = (addresses: readonly string[]): number =>
    addresses.filter((address) => enter(address) !== undefined).length;
  const each = (count: number, from = 0): string[] =>
    Array.from({ length: count }, (_, index) => `192.0.2.${from + index}`);

  it('bounds connections from one address', () => {
    const folded = Array.from({ length: 10 }, (_, index) => (index % 2 ? '192.0.2.1' : '::ffff:192.0.2.1'));

    expect(enterMany(folded)).toBe(MAX_UNGREETED_PER_ADDRESS);
    expect(enter('192.0.2.2')).toBeDefined();
    expect(dropped).toEqual([]);
  });

  it('bounds connections in all', () => {
    enterMany(each(100));
    expect(admission.size).toBe(MAX_UNGREETED);
  });

  it('lets others in when one leaves, which counts once', () => {
    const leaves = Array.from({ length: MAX_UNGREETED_PER_ADDRESS }, () => enter('192.0.2.1'));
    leaves[0]?.();
    leaves[0]?.();

    expect(admission.size).toBe(MAX_UNGREETED_PER_ADDRESS - 1);
    expect(enterMany(['192.0.2.1', '192.0.2.1'])).toBe(1);
  });

  it('gives a newcomer the place of the oldest one from the address with most', () => {
    enterMany(['192.0.2.1', ...each(8, 10).flatMap((address) => Array<string>(7).fill(address))]); // 57
    enterMany(Array<string>(7).fill('192.0.2.99').concat('192.0.2.10')); // 65: the crowd at .10 had one more

    expect(enter('198.51.100.1')).toBeDefined();

    expect(dropped.at(-1)).not.toBe('192.0.2.1');
    expect(admission.size).toBe(MAX_UNGREETED);
  });

  it('gives a newcomer the oldest place when each address has one', () => {
    for (const address of each(MAX_UNGREETED)) {
      enter(address);
      now += 1;
    }

    expect(enter('198.51.100.1')).toBeDefined();

    expect(dropped).toEqual(['192.0.2.0']);
  });

  it('refuses who has as many places as anybody', () => {
    enterMany(each(8).flatMap((address) => Array<string>(8).fill(address)));
    enter('198.51.100.1'); // drops one of the first
    dropped = [];

    expect(enter('192.0.2.7')).toBeUndefined();
    expect(dropped).toEqual([]);
  });

  it('lets an address replace its oldest connection once that has had its time', () => {
    enterMany(Array<string>(MAX_UNGREETED_PER_ADDRESS).fill('192.0.2.1'));
    expect(enter('192.0.2.1')).toBeUndefined();

    now += STALE_UNGREETED_MS;

    expect(enter('192.0.2.1')).toBeDefined();
    expect(dropped).toEqual(['192.0.2.1']);
    expect(admission.size).toBe(MAX_UNGREETED_PER_ADDRESS);
  });
});
