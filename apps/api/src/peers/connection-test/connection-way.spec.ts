import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TestDevice } from '../../transport/testing/test-device';
import { walkTo, type Way } from './connection-way';

const STEPS = ['dns', 'tcp', 'tls', 'identity'];

describe('walkTo', () => {
  let here: TestDevice;
  let there: TestDevice;
  beforeAll(async () => {
    here = await TestDevice.start();
    there = await TestDevice.start();
  });
  afterAll(() => Promise.all([here.stop(), there.stop()]));
  const walk = (address: string, id = there.id): Promise<Way> => walkTo(address, id, here.identity, 500);

  /** A server of another program, and what a walk to it gives. */
  async function walkToServer(onSocket: (socket: Socket) => void): Promise<Way> {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      onSocket(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const way = await walk(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    sockets.forEach((socket) => socket.destroy());
    server.close();
    return way;
  }

  const failing = (step: string, detail: string): object => ({
    log: {
      failure: { step, ok: false, ms: expect.any(Number), detail: expect.stringContaining(detail) },
      steps: STEPS.slice(0, STEPS.indexOf(step) + 1).map((each) => expect.objectContaining({ step: each })),
    },
  });
  const asPlain = ({ log, ...way }: Way): object => ({ ...way, log: { steps: log.steps, failure: log.failure } });

  it('finds out who is there, times each step and says nothing', async () => {
    const way = await walk(`localhost:${there.transport.port}`);

    expect(way.deviceId).toBe(there.id);
    expect(way.log.steps).toEqual(
      ['dns', 'tcp', 'tls'].map((step) => ({ step, ok: true, ms: expect.any(Number), detail: expect.any(String) })),
    );
    expect(there.transport.sessionOf(here.id)).toBeUndefined();
  });

  it('is content with the part of the id that a device announces', async () => {
    expect((await walk(there.address, there.id.slice(0, 14))).deviceId).toBe(there.id);
    expect(asPlain(await walk(there.address, 'A'.repeat(14)))).toMatchObject(failing('identity', 'Another device'));
  });

  it.each([
    ['a name that nobody knows', 'no-such-host.invalid:8000', 'dns', 'is not known'],
    ['a port where nothing listens', '127.0.0.1:1', 'tcp', 'Nothing listens'],
  ])('ends at %s', async (_what, address, step, detail) => {
    expect(asPlain(await walk(address))).toMatchObject({ address, ...failing(step, detail) });
  });

  it('ends at TLS when something takes the connection and stays silent', async () => {
    const way = await walkToServer((socket) => socket.resume());
    expect(asPlain(way)).toMatchObject(failing('tls', 'does not answer'));
    expect(way.log.failure?.ms).toBeGreaterThanOrEqual(490);
  });

  it('ends at TLS when another program answers', async () => {
    const way = await walkToServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(asPlain(way)).toMatchObject(failing('tls', "does not speak Ferry's protocol"));
  });

  it('ends at the identity when it is another device', async () => {
    const way = await walk(there.address, 'B'.repeat(56));
    expect(asPlain(way)).toMatchObject(failing('identity', 'Another device than expected'));
    expect(way.deviceId).toBeUndefined();
  });
});
