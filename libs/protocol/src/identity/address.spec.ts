import fc from 'fast-check';
import { ProtocolError } from '../errors';
import { formatAddress, parseAddress } from './address';

describe('address', () => {
  it.each([
    ['192.168.1.20:8000', '192.168.1.20', 8000],
    ['localhost:1', 'localhost', 1],
    ['My-PC.local:65535', 'my-pc.local', 65_535],
    ['host_with_underscore:80', 'host_with_underscore', 80],
    ['4chan.example.:80', '4chan.example.', 80],
    [' ada.local:8000\n', 'ada.local', 8000],
    ['[::1]:8000', '::1', 8000],
    ['[fe80::1%eth0]:8000', 'fe80::1%eth0', 8000],
    ['[2001:DB8::192.0.2.1]:8000', '2001:db8::192.0.2.1', 8000],
    ['[1:2:3:4:5:6:7:8]:9', '1:2:3:4:5:6:7:8', 9],
    ['[1:2:3:4:5:6:7::]:9', '1:2:3:4:5:6:7::', 9],
    ['[::]:9', '::', 9],
  ])('reads %j', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
    expect(parseAddress(formatAddress({ host, port }))).toEqual({ host, port });
  });

  it.each([
    ['', 'host is missing'],
    [':8000', 'host is missing'],
    ['host', 'port is missing'],
    ['host:', 'port is missing'],
    ['[::1]', 'port is missing'],
    ['host:0', 'port is not a number'],
    ['host:65536', 'port is not a number'],
    ['host:-1', 'port is not a number'],
    ['host:8e3', 'port is not a number'],
    ['host:080000', 'port is not a number'],
    ['::1:8000', 'brackets'],
    ['fe80::1', 'brackets'],
    ['[::1:8000', 'brackets'],
    ['[host]:8000', 'IPv6'],
    ['[]:8000', 'IPv6'],
    ['[1:2:3:4:5:6:7]:80', 'IPv6'],
    ['[1:2:3:4:5:6:7:8:9]:80', 'IPv6'],
    ['[1::2::3]:80', 'IPv6'],
    ['[:1:2:3:4:5:6:7:8]:80', 'IPv6'],
    ['[1.2.3.4::]:80', 'IPv6'],
    ['[12345::]:80', 'IPv6'],
    ['[fe80::1%]:80', 'IPv6'],
    ['256.1.1.1:80', 'not a host name'],
    ['1.2.3:80', 'not a host name'],
    ['127.0.0.01:80', 'not a host name'],
    ['2130706433:80', 'not a host name'],
    ['0x7f.1:80', 'not a host name'],
    ['-host:80', 'not a host name'],
    ['a..b:80', 'not a host name'],
    ['ho st:80', 'not a host name'],
    ['user@host:80', 'not a host name'],
    ['http://host:80', 'brackets'],
    [`${'a'.repeat(64)}:80`, 'not a host name'],
    [`${'a.'.repeat(130)}b:80`, 'not a host name'],
    [`${'a'.repeat(400)}:80`, '403 characters'],
  ])('refuses %j and says why', (text, why) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'MALFORMED_MESSAGE' }));
    expect(() => parseAddress(text)).toThrow(why);
  });

  it('answers any text with an address or a ProtocolError', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.ipV6().map((host) => `[${host}]:80`),
          fc.ipV4(),
          fc.domain(),
        ),
        (text) => {
          try {
            parseAddress(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        },
      ),
      { numRuns: 500 },
    ));

  it('reads every IP address', () =>
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 1, max: 65_535 }), (host, port) =>
        expect(parseAddress(formatAddress({ host, port }))).toEqual({ host: host.toLowerCase(), port }),
      ),
      { numRuns: 500 },
    ));
});
