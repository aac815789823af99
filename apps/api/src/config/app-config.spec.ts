import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from './app-config';
import { ConfigError } from './env-reader';
import { VERSION } from './version';

const ROOT = join(__dirname, '../../../..');

describe('loadConfig', () => {
  it('has the defaults of the design', () => {
    const config = loadConfig({}, '/base');
    expect(config).toMatchObject({
      httpHost: '127.0.0.1',
      httpPort: 5000,
      webPort: 3000,
      peerHost: '0.0.0.0',
      peerPort: 8000,
      sharedDir: '/base/shared_files',
      receivedDir: '/base/received_files',
      dataDir: '/base/.ferry',
      maxFileSize: 104_857_600,
      discovery: true,
      scan: false,
      peerTimeoutMs: 300_000,
      peerTimeScale: 1,
      allowedHosts: [],
      webOrigins: [],
      logLevel: 'info',
    });
    expect(config.allowedExtensions).toHaveLength(23);
    expect(config.blockedExtensions).toContain('gadget');
    expect(config.deviceName).not.toBe('');
  });

  it('is frozen', () => expect(Object.isFrozen(loadConfig({}))).toBe(true));

  it('takes blank variables as absent', () => expect(loadConfig({ FERRY_HTTP_PORT: ' ' }).httpPort).toBe(5000));

  it('names the variables that have no effect yet, and keeps no password', () => {
    const config = loadConfig({ FERRY_PASSWORD: 's3cret', FERRY_LEGACY_API: 'on', FERRY_LEGACY_PEERS: ' ' });
    expect(config.withoutEffect).toEqual(['FERRY_PASSWORD', 'FERRY_LEGACY_API']);
    expect(JSON.stringify(config)).not.toContain('s3cret');
    expect(loadConfig({}).withoutEffect).toEqual([]);
  });

  it('normalises extensions', () => {
    const { allowedExtensions } = loadConfig({ FERRY_ALLOWED_EXTENSIONS: ' .TXT, md,,txt' });
    expect(allowedExtensions).toEqual(['txt', 'md']);
  });

  it('keeps a whole origin only', () => {
    const { webOrigins } = loadConfig({ FERRY_WEB_ORIGINS: 'http://LOCALHOST:3000/,https://ferry.example' });
    expect(webOrigins).toEqual(['http://localhost:3000', 'https://ferry.example']);
  });

  it.each([
    ['FERRY_HTTP_PORT', '65536'],
    ['FERRY_HTTP_PORT', '0x10'],
    ['FERRY_HTTP_PORT', '-1'],
    ['FERRY_WEB_PORT', 'abc'],
    ['FERRY_PEER_HOST', 'a b'],
    ['FERRY_PEER_PORT', '80.5'],
    ['FERRY_DEVICE_NAME', 'x'.repeat(65)],
    ['FERRY_DEVICE_NAME', 'a\u0007b'],
    ['FERRY_MAX_FILE_SIZE', '100MB'],
    ['FERRY_ALLOWED_EXTENSIONS', 'txt,*'],
    ['FERRY_BLOCKED_EXTENSIONS', '../x'],
    ['FERRY_DISCOVERY', 'maybe'],
    ['FERRY_DISCOVERY_INTERFACE', 'eth0'],
    ['FERRY_SCAN', 'perhaps'],
    ['FERRY_PEER_TIMEOUT_MS', '0'],
    ['FERRY_PEER_TIME_SCALE', '0'],
    ['FERRY_PEER_TIME_SCALE', '1.5'],
    ['FERRY_PEER_TIME_SCALE', '1e-1'],
    ['FERRY_ALLOWED_HOSTS', '*'],
    ['FERRY_WEB_ORIGINS', 'localhost:3000'],
    ['FERRY_WEB_ORIGINS', 'http://localhost:3000/path'],
    ['FERRY_LOG_LEVEL', 'loud'],
    ['FERRY_HTTP_HOST', '0.0.0.0'],
    ['FERRY_HTTP_HOST', '192.168.1.2'],
    ['FERRY_HTTP_HOST', '::'],
    ['FERRY_DATA_DIR', 'shared_files/secret'],
    ['FERRY_RECEIVED_DIR', 'shared_files'],
  ])('refuses %s=%j and names it', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(new RegExp(`^Invalid configuration\\n {2}${name}: `));
  });

  it('lists every bad variable in one error', () => {
    const env = { FERRY_HTTP_PORT: 'x', FERRY_PEER_PORT: 'y', FERRY_LOG_LEVEL: 'z' };
    const names = [/FERRY_HTTP_PORT/, /FERRY_PEER_PORT/, /FERRY_LOG_LEVEL/];
    expect.assertions(3);
    try {
      loadConfig(env);
    } catch (error) {
      for (const name of names) expect((error as ConfigError).message).toMatch(name);
    }
  });

  it.each(['127.0.0.1', '127.0.0.2', 'localhost', '::1', '[::1]'])('binds to loopback %s', (host) => {
    expect(() => loadConfig({ FERRY_HTTP_HOST: host })).not.toThrow();
  });

  it('accepts shares below the data folder', () => {
    const env = { FERRY_DATA_DIR: '/d', FERRY_SHARED_DIR: '/d/shared', FERRY_RECEIVED_DIR: '/d/received' };
    expect(() => loadConfig(env)).not.toThrow();
  });
});

describe('.env.example', () => {
  it('lists exactly the variables that are read, with defaults that are accepted', () => {
    const lines = readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^#(FERRY_\w+)=(.*)$/gm);
    const listed = Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
    const read = new Set<string>();
    const spy = new Proxy(listed, { get: (env, name: string) => (read.add(name), env[name]) });
    expect(loadConfig(spy, ROOT)).toEqual(loadConfig({}, ROOT));
    expect(Object.keys(listed).sort()).toEqual([...read].sort());
  });
});

describe('VERSION', () => {
  it('is that of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
  });
});
