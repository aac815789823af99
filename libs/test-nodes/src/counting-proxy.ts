import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { withDeadline } from './deadline';

interface ProxyOptions {
  readonly targetHost: string;
  readonly targetPort: number;
  /** 0 = any free port. */
  readonly port?: number;
}

/** Slices of the rate limit: small enough that a limit is smooth. */
const PACE_BYTES = 65_536;

/**
 * A TCP proxy on 127.0.0.1 that counts payload bytes over all its connections, slows them down and cuts them.
 * `toClient` is what the target sent, `toTarget` what those who dialled the proxy sent.
 */
export class CountingProxy {
  toClient = 0;
  toTarget = 0;
  /** Limit of each direction over all connections; may be changed at any time. */
  bytesPerSecond = Infinity;
  private readonly sockets = new Set<Socket>();
  private readonly waiters = new Set<{ readonly bytes: number; readonly resolve: () => void }>();
  private readonly freeAt = { toClient: 0, toTarget: 0 };

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {}

  static async listen({ targetHost, targetPort, port = 0 }: ProxyOptions): Promise<CountingProxy> {
    const server = createServer();
    const proxy = new CountingProxy(server, { host: targetHost, port: targetPort });
    server.on('connection', (client) => proxy.accept(client));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** `host:port` to dial. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves when `bytes` more have gone to the clients. */
  passed(bytes: number, timeoutMs = 60_000): Promise<void> {
    const goal = this.toClient + bytes;
    const reached = new Promise<void>((resolve) => this.waiters.add({ bytes: goal, resolve }));
    return withDeadline(reached, timeoutMs, () => `${goal} bytes through the proxy, so far ${this.toClient}`);
  }

  /** Cuts every connection; new ones are accepted. */
  dropConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.dropConnections();
    await closed;
  }

  private accept(client: Socket): void {
    const target = connect(this.target);
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroySoon();
      });
    }
    void this.pump(client, target, 'toTarget');
    void this.pump(target, client, 'toClient');
  }

  /** Reads only as fast as the limit and the receiving side allow, so that little lies in between when a side is killed. */
  private async pump(from: Socket, to: Socket, direction: 'toClient' | 'toTarget'): Promise<void> {
    try {
      for await (const part of from as AsyncIterable<Buffer>) {
        this[direction] += part.length;
        if (direction === 'toClient') this.wake();
        await this.pace(direction, part.length);
        if (to.destroyed) break;
        if (!to.write(part)) await roomIn(to);
      }
    } catch {
      // A cut connection: the 'close' listeners end the other side.
    }
    to.end();
  }

  private async pace(direction: 'toClient' | 'toTarget', bytes: number): Promise<void> {
    if (this.bytesPerSecond === Infinity) return;
    const now = performance.now();
    const start = Math.max(now, this.freeAt[direction]);
    this.freeAt[direction] = start + (bytes / this.bytesPerSecond) * 1000;
    const waitMs = this.freeAt[direction] - now;
    if (waitMs > (PACE_BYTES / this.bytesPerSecond) * 1000) await delay(waitMs);
  }

  private wake(): void {
    for (const waiter of this.waiters) {
      if (this.toClient < waiter.bytes) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

/** Resolves when a full socket takes bytes again, or is gone. */
function roomIn(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}
