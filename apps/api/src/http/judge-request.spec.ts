import { accessRules } from './access-rules';
import { judgeRequest, type RequestOrigin } from './judge-request';

const CONFIG = { httpHost: '127.0.0.1', allowedHosts: [], webOrigins: [] };
const RULES = accessRules(CONFIG, [5000, 3000], 3000);
const OWN = 'localhost:5000';

type Case = Partial<Omit<RequestOrigin, 'hosts'>> & { readonly hosts?: readonly string[] };

function outcome(request: Case, rules = RULES): string {
  const verdict = judgeRequest({ method: 'GET', target: '/api/v1/files', hosts: [OWN], ...request }, rules);
  return verdict.isAllowed ? (verdict.corsOrigin ?? 'ok') : verdict.code;
}

describe('judgeRequest', () => {
  it.each<[string, Case, string]>([
    ['H01 a foreign host', { hosts: ['evil.example'] }, 'unknown-host'],
    ['H02 a name below localhost', { hosts: ['localhost.evil.example:5000'] }, 'unknown-host'],
    ['H03 a name with an address in it', { hosts: ['127.0.0.1.nip.example:5000'] }, 'unknown-host'],
    ['H04 no host', { hosts: [] }, 'validation'],
    ['H05 two hosts', { hosts: [OWN, OWN] }, 'validation'],
    ['H06 another port', { hosts: ['localhost:5001'] }, 'unknown-host'],
    ['H06 a port with a leading zero', { hosts: ['localhost:05000'] }, 'unknown-host'],
    ['H06 an empty port', { hosts: ['localhost:'] }, 'unknown-host'],
    ['H07 upper case and the root dot', { hosts: ['LOCALHOST.:5000'] }, 'ok'],
    ['H07 the same without a port', { hosts: ['LOCALHOST.'] }, 'ok'],
    ['H08 IPv6 loopback', { hosts: ['[::1]:5000'] }, 'ok'],
    ['H08 IPv6 loopback without a port', { hosts: ['[::1]'] }, 'ok'],
    ['H08 mapped IPv4', { hosts: ['[::ffff:127.0.0.1]:5000'] }, 'unknown-host'],
    ['a host with user info', { hosts: ['evil@localhost:5000'] }, 'unknown-host'],
    ['an empty host', { hosts: [''] }, 'unknown-host'],
    ['a web server port', { hosts: ['127.0.0.1:3000'] }, 'ok'],
    ['H09 absolute form with a foreign host', { target: 'http://evil.example/api/v1/files' }, 'unknown-host'],
    ['H09 absolute form with our host', { target: 'http://localhost:5000/api/v1/files' }, 'ok'],
    ['H11 a foreign origin', { method: 'POST', origin: 'https://evil.example' }, 'forbidden-origin'],
    ['H12 a null origin', { method: 'POST', origin: 'null' }, 'forbidden-origin'],
    [
      'H16 an event stream for a foreign origin',
      { target: '/api/v1/events', origin: 'http://evil.example' },
      'forbidden-origin',
    ],
    ['our own origin', { method: 'POST', origin: 'http://localhost:5000' }, 'ok'],
    ['our own origin by another name', { method: 'POST', origin: 'http://127.0.0.1:5000' }, 'forbidden-origin'],
    ['our host under https', { method: 'POST', origin: 'https://localhost:5000' }, 'forbidden-origin'],
    ['the web server', { method: 'POST', origin: 'http://localhost:3000' }, 'http://localhost:3000'],
    [
      'the web server, cross-site',
      { origin: 'http://127.0.0.1:3000', fetchSite: 'cross-site' },
      'http://127.0.0.1:3000',
    ],
    ['H13 cross-site without an origin', { fetchSite: 'cross-site', fetchMode: 'no-cors' }, 'forbidden-origin'],
    ['H13 a cross-site link to data', { fetchSite: 'cross-site', fetchMode: 'navigate' }, 'forbidden-origin'],
    ['a cross-site form', { method: 'POST', fetchSite: 'cross-site', fetchMode: 'navigate' }, 'forbidden-origin'],
    ['a same-site write without an origin', { method: 'DELETE', fetchSite: 'same-site' }, 'forbidden-origin'],
    ['a same-site read', { fetchSite: 'same-site' }, 'ok'],
    ['our own page', { fetchSite: 'same-origin' }, 'ok'],
    ['the address bar', { fetchSite: 'none' }, 'ok'],
    ['a program', {}, 'ok'],
  ])('%s', (_name, request, expected) => expect(outcome(request)).toBe(expected));

  it.each<[string, string]>([
    ['/', 'ok'],
    ['/transfers', 'ok'],
    ['/transfers/?a=b', 'ok'],
    ['/API/v1/files', 'forbidden-origin'],
    ['//api/v1/files', 'forbidden-origin'],
    ['/api%2fv1/files', 'forbidden-origin'],
    ['/./api/v1/files', 'forbidden-origin'],
    ['/health/live', 'forbidden-origin'],
    ['/api/docs', 'forbidden-origin'],
  ])('a link from another site to %s', (target, expected) => {
    expect(outcome({ target, fetchSite: 'cross-site', fetchMode: 'navigate' })).toBe(expected);
  });

  it('knows the configured hosts only, with and without a port', () => {
    const rules = accessRules({ ...CONFIG, allowedHosts: ['ferry.lan', 'box:80'] }, [5000], 3000);
    const hosts = ['ferry.lan:5000', 'ferry.lan', 'box:80', 'box:5000', 'localhost:5000'];
    expect(hosts.map((host) => outcome({ hosts: [host] }, rules))).toEqual([
      'ok',
      'ok',
      'ok',
      'unknown-host',
      'unknown-host',
    ]);
  });

  it('knows the configured origins only', () => {
    const rules = accessRules({ ...CONFIG, webOrigins: ['https://ui.example'] }, [5000], 3000);
    expect(outcome({ origin: 'https://ui.example' }, rules)).toBe('https://ui.example');
    expect(outcome({ origin: 'http://localhost:3000' }, rules)).toBe('forbidden-origin');
  });

  it('answers to the address that it is bound to', () => {
    const rules = accessRules({ ...CONFIG, httpHost: '127.0.0.2' }, [5000], 3000);
    expect(outcome({ hosts: ['127.0.0.2:5000'] }, rules)).toBe('ok');
  });
});
