import { readPairingText } from './pairing-text';

const UNREADABLE = 'This is no invitation';

describe('readPairingText', () => {
  it('takes line breaks, spaces and quotes out of an invitation, and lets the node judge the rest', () => {
    expect(readPairingText(' "ferry://pair?id=AB\r\n  CD&secret=x" \n')).toEqual({
      uri: 'ferry://pair?id=ABCD&secret=x',
    });
  });

  it.each([
    ['192.168.1.4:9000', '192.168.1.4:9000'],
    [' 192.168.1.4 ', '192.168.1.4:8000'],
    ['kim.local', 'kim.local:8000'],
    ['laptop:8000', 'laptop:8000'],
    ['[fe80::1]:8000', '[fe80::1]:8000'],
    ['fe80::1', '[fe80::1]:8000'],
  ])('reads the address %p', (text, address) => expect(readPairingText(text)).toEqual({ address }));

  it.each([
    ['', 'Enter the invitation'],
    ['hello', UNREADABLE],
    ['ferry:', 'only a part'],
    ['192.168.1.400:8000', UNREADABLE],
    ['laptop:80000', UNREADABLE],
    ['https://example.org', UNREADABLE],
  ])('says what is wrong with %p', (text, start) =>
    expect(readPairingText(text)).toEqual({ problem: expect.stringContaining(start) }),
  );
});
