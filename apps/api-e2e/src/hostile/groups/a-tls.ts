import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { HostileServerOptions } from '../../support/hostile-server';
import type { TestIdentity } from '../../support/test-identity';
import { clientHello } from '../../support/tls-forgery';
import type { HostileCase } from '../case';
import type { Ground } from '../ground';
import { expectClosedByDeadline, expectDropped, expectNothingSaid, expectTcpClosed } from '../verdicts';

const PLAIN_TEXT = ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'SSH-2.0-OpenSSH_9.6\r\n'];

/** A handshake that the node must not finish. Its own client side may think that it has. */
async function expectRefused(ground: Ground, identity: TestIdentity, tls: ConnectionOptions): Promise<void> {
  const wire = await ground.begin({ identity, tls });
  wire.tls.once('secureConnect', () => void wire.hello().catch(() => undefined));
  await expectDropped(wire);
}

/** The node dials a server whose TLS is not right. */
async function expectNotGreeted(ground: Ground, options: Partial<HostileServerOptions>): Promise<void> {
  const server = await ground.listen(options);
  expect((await ground.nodeAdds(server)).status).toBe(502);
  await expectNothingSaid(server);
}

/** TLS that a server may offer and a node must not take. */
function weakServer(id: string, title: string, tls: TlsOptions): HostileCase {
  return { id, role: 'client', title, expect: 'K', run: (ground) => expectNotGreeted(ground, { tls }) };
}

function weakClient(id: string, title: string, tls: ConnectionOptions): HostileCase {
  const run = async (ground: Ground) => expectRefused(ground, await ground.identity(), tls);
  return { id, role: 'server', title, expect: 'K', run };
}

/** The node's own key, stolen from its disk. */
async function stolenIdentity(ground: Ground): Promise<TestIdentity> {
  const file = (name: string) => readFile(join(ground.node.folders.data, name), 'utf8');
  const { device } = await ground.node.api.status();
  return { deviceId: device.id, keyPem: await file('identity.key'), certificatePem: await file('identity.crt') };
}

/** Writes one byte a (scaled) second until the other side has enough. */
function trickle(ground: Ground, socket: Socket, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), ground.ms(1));
  socket.once('close', () => clearInterval(timer));
  ground.defer(() => clearInterval(timer));
}

const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

/** The node dials somebody who never gets through the handshake. */
function stalls(id: string, title: string, onTcp: (ground: Ground, socket: Socket) => void): HostileCase {
  return {
    id,
    role: 'client',
    title,
    expect: 'T',
    run: async (ground) => {
      const server = await ground.listen({
        onTcp: (socket) => {
          socket.resume();
          onTcp(ground, socket);
        },
      });
      const startedAt = performance.now();
      expect((await ground.nodeAdds(server)).body.code).toBe('peer-unreachable');
      await expectNothingSaid(server);
      expect(performance.now() - startedAt).toBeGreaterThan(ground.ms(2));
    },
  };
}

/** Handshakes that are none, or with less than the protocol asks for. */
export const TLS_ROWS: readonly HostileCase[] = [
  {
    id: 'W001',
    role: 'server',
    title: 'TCP and then nothing',
    expect: 'T',
    run: async (ground) => {
      const socket = await ground.tcp();
      socket.resume();
      await expectClosedByDeadline(ground, 10, closed(socket));
      expect(socket.bytesRead).toBe(0);
    },
  },
  stalls('W001', 'TCP and then nothing', () => undefined),
  {
    id: 'W003',
    role: 'server',
    title: 'HTTP and SSH in clear',
    expect: 'K',
    run: async (ground) => {
      for (const text of PLAIN_TEXT) {
        const socket = await ground.tcp();
        socket.write(text);
        await expectTcpClosed(socket);
      }
    },
  },
  {
    id: 'W003',
    role: 'client',
    title: 'HTTP and SSH in clear',
    expect: 'K',
    run: async (ground) => {
      for (const text of ['HTTP/1.1 400 Bad Request\r\n\r\n', ...PLAIN_TEXT]) {
        await expectNotGreeted(ground, { onTcp: (socket) => void socket.resume().write(text) });
      }
    },
  },
  weakClient('W004', 'TLS 1.2 only', { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }),
  weakServer('W004', 'TLS 1.2 only', { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }),
  weakClient('W006', 'another application protocol', { ALPNProtocols: ['other/9'] }),
  weakServer('W006', 'another application protocol', { ALPNProtocols: ['other/9'] }),
  weakClient('W007', 'no certificate', { key: undefined, cert: undefined }),
  weakServer('W007', 'no certificate', { key: undefined, cert: undefined }),
  {
    id: 'W012',
    role: 'server',
    title: "the node's own certificate and key",
    expect: 'K',
    run: async (ground) => expectRefused(ground, await stolenIdentity(ground), {}),
  },
  {
    id: 'W012',
    role: 'client',
    title: "the node's own certificate and key",
    expect: 'K',
    run: async (ground) => {
      const server = await ground.listen({ identity: await stolenIdentity(ground) });
      const { status, body } = await ground.nodeAdds(server);
      expect([status, body.code]).toEqual([409, 'pairing-self']);
      await expectNothingSaid(server);
    },
  },
  {
    id: 'W014',
    role: 'server',
    title: 'a ClientHello at one byte a second',
    expect: 'T',
    run: async (ground) => {
      const socket = await ground.tcp();
      trickle(ground, socket.resume(), await clientHello());
      await expectClosedByDeadline(ground, 10, closed(socket));
    },
  },
  stalls('W014', 'a ServerHello at one byte a second', (ground, socket) => {
    const start = Buffer.from('160303007a020000760303', 'hex'); // the begin of 122 bytes of handshake
    trickle(ground, socket, Buffer.concat([start, Buffer.alloc(120)]));
  }),
];
