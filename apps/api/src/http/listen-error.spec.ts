import { describeListenError } from './listen-error';

const failure = (code: string) => Object.assign(new Error('listen'), { code });
const target = { port: 5000, setting: 'FERRY_HTTP_PORT' };

describe('describeListenError', () => {
  it('names the port and the setting in one line', () => {
    const line = describeListenError(failure('EADDRINUSE'), target, 'linux');
    expect(line).toBe('Port 5000 is already in use. Stop the other program or set FERRY_HTTP_PORT to another port.');
  });

  it('names AirPlay on macOS and port 5000 only', () => {
    expect(describeListenError(failure('EADDRINUSE'), target, 'darwin')).toContain('AirPlay');
    expect(describeListenError(failure('EADDRINUSE'), { ...target, port: 3000 }, 'darwin')).not.toContain('AirPlay');
  });

  it.each([
    ['EACCES', /above 1023/],
    ['EADDRNOTAVAIL', /FERRY_HTTP_HOST/],
    ['EOTHER', /FERRY_HTTP_PORT/],
  ])('explains %s', (code, words) => expect(describeListenError(failure(code), target)).toMatch(words));
});
