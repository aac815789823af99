import { MAX_UNGREETED, MAX_UNGREETED_PER_ADDRESS } from '@ferry/protocol';
import { Admission, sourceOf } from './admission';

describe('sourceOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:DB8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['', ''],
  ])('counts %s as %s', (address, source) => expect(sourceOf(address)).toBe(source));
});

describe('admission', () => {
  const enterMany = (admission: Admission, addresses: string[]): number =>
    addresses.filter((address) => admission.enter(address) !== undefined).length;

  it('bounds connections from one address', () => {
    const admission = new Admission();
    const folded = Array.from({ length: 10 }, (_, index) => (index % 2 ? '192.0.2.1' : '::ffff:192.0.2.1'));

    expect(enterMany(admission, folded)).toBe(MAX_UNGREETED_PER_ADDRESS);
    expect(admission.enter('192.0.2.2')).toBeDefined();
  });

  it('bounds connections in all', () => {
    const admission = new Admission();

    expect(
      enterMany(
        admission,
        Array.from({ length: 100 }, (_, index) => `192.0.2.${index}`),
      ),
    ).toBe(MAX_UNGREETED);
  });

  it('lets others in when one leaves, which counts once', () => {
    const admission = new Admission();
    const leaves = Array.from({ length: MAX_UNGREETED_PER_ADDRESS }, () => admission.enter('192.0.2.1'));
    leaves[0]?.();
    leaves[0]?.();

    expect(admission.size).toBe(MAX_UNGREETED_PER_ADDRESS - 1);
    expect(enterMany(admission, ['192.0.2.1', '192.0.2.1'])).toBe(1);
  });
});
