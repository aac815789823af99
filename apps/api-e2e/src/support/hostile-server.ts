import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { formatInvitation } from '@ferry/protocol';
import { withDeadline } from '@ferry/test-nodes';
import { type Answer, RawWire } from './raw-wire';
import { RecordTap, type TapRecord } from './record-tap';
import type { TestIdentity } from './test-identity';

const WAIT_MS = 15_000;

export interface HostileServerOptions {
  /** Where it listens, a loopback address. */
  readonly host: string;
  /** 0 = any free port. */
  readonly port?: number;
  /** Over the options of a proper device. */
  readonly tls?: TlsOptions;
  /** Over the answers of a proper device, by pattern. */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** Changes what goes out below TLS; called once for each connection. */
  readonly tap?: () => TapRecord;
  /** Gets each line of the key log of TLS. */
  readonly onKeyLog?: (line: Buffer) => void;
  /** Called with each TCP connection instead of TLS. */
  readonly onTcp?: (socket: Socket) => void;
  /** Called when TLS is done, before the node's hello is read. */
  readonly onWire?: (wire: RawWire) => void;
}

/** A device that a node dials, and that answers as a test wants. */
export class HostileServer {
  /** All that came so far, oldest first. */
  readonly wires: RawWire[] = [];
  /** TCP connections, also those that never finished TLS. */
  readonly connections: Socket[] = [];
  private readonly arrivals = new EventEmitter();
  private taken = 0;

  private constructor(
    readonly identity: TestIdentity,
    private readonly server: Server,
    { answers = {}, tls = {}, tap, onKeyLog, onTcp, onWire }: HostileServerOptions,
  ) {
    // Never listens: it gets the sockets of the TCP server.
    const secure = createTlsServer({
      key: identity.keyPem,
      cert: identity.certificatePem,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['ferry/1'],
      requestCert: true,
      rejectUnauthorized: false,
      ...tls,
    });
    server.on('connection', (socket) => {
      this.connections.push(socket);
      this.arrivals.emit('tcp');
      socket.on('error', () => undefined);
      if (onTcp) onTcp(socket);
      else secure.emit('connection', tap ? new RecordTap(socket, tap()) : socket);
    });
    if (onKeyLog) secure.on('keylog', onKeyLog);
    secure.on('tlsClientError', () => undefined); // that the node does not like our TLS is what tests are for
    secure.on('secureConnection', (socket: TLSSocket) => {
      const wire = new RawWire(socket, 'listener');
      wire.answerWith(answers);
      this.wires.push(wire);
      onWire?.(wire);
      this.arrivals.emit('wire');
    });
  }

  static async listen(identity: TestIdentity, options: HostileServerOptions): Promise<HostileServer> {
    const server = createTcpServer({ noDelay: true });
    const hostile = new HostileServer(identity, server, options);
    server.listen(options.port ?? 0, options.host);
    await once(server, 'listening');
    return hostile;
  }

  /** `host:port` to dial. */
  get address(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `${address}:${port}`;
  }

  /** An invitation to pair with this device. It proves nothing: this device believes every claim. */
  invitation(): string {
    const secret = randomBytes(32).toString('base64url');
    return formatInvitation({ deviceId: this.identity.deviceId, addresses: [this.address], secret, name: 'attacker' });
  }

  /** Resolves when the node has dialled, whatever becomes of TLS. */
  async dialled(timeoutMs = WAIT_MS): Promise<void> {
    if (this.connections.length > 0) return;
    await withDeadline(once(this.arrivals, 'tcp'), timeoutMs, 'the node to dial');
  }

  /** The oldest connection with finished TLS that was not handed out here before. */
  async nextWire(timeoutMs = WAIT_MS): Promise<RawWire> {
    const endsAt = Date.now() + timeoutMs;
    while (this.wires.length <= this.taken) {
      await withDeadline(once(this.arrivals, 'wire'), Math.max(1, endsAt - Date.now()), 'the node to dial');
    }
    return this.wires[this.taken++] as RawWire;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const wire of this.wires) wire.close();
    for (const socket of this.connections) socket.destroy();
    await closed;
  }
}
