import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP line to a port of this machine that can stop carrying bytes without closing, as a pulled cable does. */
export class FreezableLine {
  private readonly ends: Socket[] = [];
  private isFrozen = false;

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<FreezableLine> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const line = new FreezableLine(server);
    server.on('connection', (near) => line.carry(near, connect(port, '127.0.0.1')));
    return line;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on connections are still accepted, but nothing arrives. */
  freeze(): void {
    this.isFrozen = true;
    for (const end of this.ends) end.unpipe().pause();
  }

  close(): void {
    this.server.close();
    for (const end of this.ends) end.destroy();
  }

  private carry(near: Socket, far: Socket): void {
    this.ends.push(near, far);
    for (const end of [near, far]) end.on('error', () => end.destroy());
    if (this.isFrozen) return;
    near.pipe(far);
    far.pipe(near);
  }
}
