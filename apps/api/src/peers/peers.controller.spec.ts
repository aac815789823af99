import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FreezableLine } from './testing/freezable-line';
import { pair } from './testing/pair';
import { TestNode, type Answer } from './testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('peers', () => {
  let here: TestNode;
  let there: TestNode;

  beforeAll(async () => {
    here = await TestNode.start({ name: 'Here' });
    there = await TestNode.start({ name: 'There' });
  });
  afterAll(() => Promise.all([here.remove(), there.remove()]));

  const add = (address: unknown): Promise<Answer> => here.call('POST', '/peers', { address });

  async function listening(onConnection: (socket: Socket) => void): Promise<[Server, string]> {
    const server = createServer(onConnection).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return [server, `127.0.0.1:${(server.address() as AddressInfo).port}`];
  }

  describe('before pairing', () => {
    it('adds the device at an address as pending', async () => {
      expect(await add(` ${there.peerAddress} `)).toMatchObject({
        status: 201,
        body: {
          id: there.id,
          name: 'There',
          state: 'pending',
          paired: false,
          addresses: [there.peerAddress],
          permissions: { seeMyFiles: false, sendToMe: false },
        },
      });
      expect(await here.call('GET', '/peers')).toMatchObject({ body: { total: 1, nextCursor: null } });
    });

    it('adds no device twice', async () => {
      await add(there.peerAddress);
      expect(await add(`localhost:${there.peerPort}`)).toMatchObject({ status: 201, body: { id: there.id } });
      expect(await here.call('GET', '/peers')).toMatchObject({ body: { total: 1 } });
    });

    it('does not ask an unpaired device for files', async () => {
      await add(there.peerAddress);
      expect(await here.call('GET', `/peers/${there.id}/files`)).toMatchObject({
        status: 403,
        body: { code: 'peer-untrusted' },
      });
    });

    it('can test the connection', async () => {
      await add(there.peerAddress);
      const { status, body } = await here.call('POST', `/peers/${there.id}/test`);
      expect({ status, reachable: body['reachable'] }).toEqual({ status: 200, reachable: true });
      expect(body['latencyMs']).toBeGreaterThan(0);
    });

    it.each([
      ['no port', '127.0.0.1'],
      ['a port out of range', '127.0.0.1:70000'],
      ['a bare IPv6 address', 'fd00::5:8000'],
      ['a URL', 'http://127.0.0.1:8000'],
      ['spaces', 'my laptop:8000'],
    ])('refuses an address with %s, with an example', async (_what, address) => {
      expect(await add(address)).toMatchObject({
        status: 400,
        body: { code: 'validation', detail: expect.stringContaining('192.168.1.20:8000') },
      });
    });

    it.each([
      ['no address', {}],
      ['an empty one', { address: '' }],
      ['a number', { address: 5 }],
      ['an over-long one', { address: 'a'.repeat(400) }],
      ['an unknown field', { address: '127.0.0.1:8000', trusted: true }],
    ])('refuses a body with %s', async (_what, body) => {
      expect(await here.call('POST', '/peers', body)).toMatchObject({ status: 400, body: { code: 'validation' } });
    });

    it('says that nothing listens at a closed port', async () => {
      const [server, address] = await listening(() => undefined);
      server.close();
      expect(await add(address)).toMatchObject({ status: 502, body: { code: 'peer-unreachable' } });
    });

    it('says that a name is not known', async () => {
      expect(await add('no-such-host.invalid:8000')).toMatchObject({ status: 502, body: { code: 'peer-unreachable' } });
    });

    it('says that something else than Ferry answers', async () => {
      const [server, address] = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      expect(await add(address)).toMatchObject({ status: 502, body: { code: 'peer-refused' } });
      server.close();
    });

    it('does not add itself', async () => {
      expect(await add(here.peerAddress)).toMatchObject({ status: 409, body: { code: 'pairing-self' } });
    });

    it.each([
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/test'],
      ['GET', '/files'],
    ])('does not know an unknown device: %s /peers/id%s', async (method, path) => {
      const body = method === 'PATCH' ? { name: 'x' } : undefined;
      expect(await here.call(method, `/peers/UNKNOWN${path}`, body)).toMatchObject({
        status: 404,
        body: { code: 'peer-not-found' },
      });
    });

    it.each(['?limit=0', '?limit=1001', '?limit=x', '?sort=id', '?unknown=1'])(
      'refuses GET /peers%s',
      async (query) => {
        expect(await here.call('GET', `/peers${query}`)).toMatchObject({ status: 400, body: { code: 'validation' } });
      },
    );

    it('refuses a cursor of another list', async () => {
      expect(await here.call('GET', '/peers?cursor=abc')).toMatchObject({ status: 400, body: { code: 'bad-cursor' } });
    });
  });

  describe('after pairing', () => {
    beforeAll(() => pair(there, here));

    it('can be renamed', async () => {
      expect(await here.call('PATCH', `/peers/${there.id}`, { name: 'Büro 🖥' })).toMatchObject({
        status: 200,
        body: { name: 'Büro 🖥' },
      });
      expect(here.published().at(-1)).toMatchObject(['peers.changed', { id: there.id, name: 'Büro 🖥' }]);
    });

    it.each([
      ['an empty name', { name: '' }],
      ['blanks', { name: '   ' }],
      ['a line break', { name: 'a\nb' }],
      ['a direction override', { name: 'a\u202eb' }],
      ['65 characters', { name: 'a'.repeat(65) }],
      ['no text', { name: 5 }],
      ['an unknown field', { paired: true }],
    ])('is not renamed to %s', async (_what, body) => {
      expect(await here.call('PATCH', `/peers/${there.id}`, body)).toMatchObject({
        status: 400,
        body: { code: 'validation' },
      });
    });

    it('lists the files of the other device page by page', async () => {
      expect(await here.call('GET', `/peers/${there.id}/files?limit=10&sort=-size&q=x`)).toMatchObject({
        status: 200,
        body: { items: [], nextCursor: null, total: 0 },
      });
      expect(await here.call('GET', `/peers/${there.id}/files?cursor=nonsense`)).toMatchObject({
        status: 400,
        body: { code: 'bad-cursor' },
      });
      expect(await here.call('GET', `/peers/${there.id}/files?sort=id`)).toMatchObject({
        status: 400,
        body: { code: 'validation' },
      });
    });

    it('answers a test of the live connection', async () => {
      expect(await here.call('POST', `/peers/${there.id}/test`)).toMatchObject({
        status: 200,
        body: { reachable: true, latencyMs: expect.any(Number) },
      });
    });

    it('adds another address to a peer and stays online', async () => {
      expect(await add(`localhost:${there.peerPort}`)).toMatchObject({
        status: 201,
        body: {
          paired: true,
          state: 'online',
          addresses: expect.arrayContaining([there.peerAddress, `localhost:${there.peerPort}`]),
        },
      });
    });

    it('tells a service that never answers from a network that does not', async () => {
      const line = await FreezableLine.to(there.peerPort);
      const impatient = await TestNode.start({ name: 'Impatient', peersOptions: { dialTimeoutMs: 300 } });
      try {
        await impatient.call('POST', '/peers', { address: line.address });
        line.freeze();
        expect(await impatient.call('POST', `/peers/${there.id}/test`)).toMatchObject({
          status: 200,
          body: { reachable: false, failedStep: 'tls', error: expect.stringContaining(line.address) },
        });
      } finally {
        line.close();
        await impatient.remove();
      }
    });

    it('says at which step a test fails', async () => {
      await there.stop();
      const { status, body } = await here.call('POST', `/peers/${there.id}/test`);
      expect({ status, ...body }).toMatchObject({ status: 200, reachable: false, latencyMs: null, failedStep: 'tcp' });
      expect(body['error']).toContain(String(there.peerPort));
    });
  });
});
