import { formatDeviceId } from './format-device-id';

describe('formatDeviceId', () => {
  it('groups by seven', () => {
    expect(formatDeviceId('ABCDEFGHIJKLMNOP')).toBe('ABCDEFG-HIJKLMN-OP');
    expect(formatDeviceId('')).toBe('');
  });
});
