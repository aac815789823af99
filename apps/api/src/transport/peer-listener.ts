import { once } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { Admission } from './admission';
import { remoteAddressOf } from './dial';
import type { DeviceIdentity } from './identity';
import { peerDeviceId } from './peer-device-id';
import { PeerError } from './peer-error';
import { serverOptions } from './tls-options';

/** An inbound connection whose key is known. */
export interface Accepted {
  readonly socket: TLSSocket;
  readonly peerId: string;
  readonly remoteAddress: string;
  /** To be called when the hello is done; until then the connection counts as not authenticated. */
  readonly greeted: () => void;
}

export interface ListenerEvents {
  /** Asked before anything is spent on a connection. */
  isRefused(remoteAddress: string): boolean;
  /** @throws PeerError when this device is not welcome; the connection is dropped without a word. */
  accepted(connection: Accepted): void;
  /** A connection that got no further, for the log. */
  refused(remoteAddress: string, error: unknown): void;
}

/** A connection before its handshake is done. */
interface Pending {
  readonly remoteAddress: string;
  readonly greeted: () => void;
  readonly deadline: NodeJS.Timeout;
}

/** Accepts connections: limits before TLS, TLS, the check of the key. */
export class PeerListener {
  private readonly admission = new Admission();
  /** Connections that have not said hello. */
  private readonly strangers = new Set<Socket>();
  /** By the addresses of both ends, which a TLS socket shares with the socket under it. */
  private readonly pending = new Map<string, Pending>();
  private readonly tcp: Server;
  private readonly tls: TlsServer;

  constructor(
    private readonly identity: DeviceIdentity,
    private readonly handshakeMs: number,
    private readonly events: ListenerEvents,
  ) {
    this.tcp = createTcpServer({ noDelay: true }, (socket) => this.accept(socket));
    // Never listens: it gets the sockets that passed the limits.
    // Our own deadline comes first: Node's is one of inactivity, which a byte now and then puts off.
    this.tls = createTlsServer(serverOptions(identity, 2 * handshakeMs), (socket) => this.identify(socket));
    this.tls.on('tlsClientError', (error, socket) => this.refuse(socket, error));
  }

  get server(): Server {
    return this.tcp;
  }

  /** The bound port; 0 before that. */
  get port(): number {
    const address = this.tcp.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** @throws the error of the socket, for example EADDRINUSE. */
  async listen(port: number, host: string): Promise<void> {
    this.tcp.listen(port, host);
    await once(this.tcp, 'listening');
    // Running out of descriptors is not the end: accepting goes on when some are free again.
    this.tcp.on('error', (error) => this.events.refused('the listener', error));
  }

  /** Accepts no more and drops who has not said hello; resolves when the last session is gone as well. */
  async close(): Promise<void> {
    for (const socket of this.strangers) socket.destroy();
    if (!this.tcp.listening) return;
    const closed = once(this.tcp, 'close');
    this.tcp.close();
    await closed;
  }

  private accept(socket: Socket): void {
    socket.on('error', (error) => this.refuse(socket, error)); // from birth, as a reset may come at any time
    const source = socket.remoteAddress ?? '';
    if (this.events.isRefused(source)) return void socket.destroy();
    const leave = this.admission.enter(source, () => socket.destroy());
    if (!leave) return void socket.destroy();
    const greeted = (): void => {
      this.strangers.delete(socket);
      leave();
    };
    this.strangers.add(socket);
    const key = connectionKey(socket);
    const deadline = setTimeout(() => this.refuse(socket, tooLate(this.handshakeMs)), this.handshakeMs).unref();
    const pending = { remoteAddress: remoteAddressOf(socket), greeted, deadline };
    this.pending.set(key, pending);
    socket.once('close', () => {
      clearTimeout(deadline);
      greeted();
      if (this.pending.get(key) === pending) this.pending.delete(key);
    });
    this.tls.emit('connection', socket);
  }

  private identify(socket: TLSSocket): void {
    socket.on('error', (error) => this.refuse(socket, error));
    const key = connectionKey(socket);
    const pending = this.pending.get(key);
    if (!pending) return void socket.destroy(); // reset meanwhile
    this.pending.delete(key);
    clearTimeout(pending.deadline);
    try {
      const peerId = peerDeviceId(socket);
      if (peerId === this.identity.deviceId)
        throw new PeerError('SELF', 'The connection comes from this device itself');
      const { remoteAddress, greeted } = pending;
      this.events.accepted({ socket, peerId, remoteAddress, greeted });
    } catch (error) {
      this.refuse(socket, error);
    }
  }

  private refuse(socket: Socket, error: unknown): void {
    // Who is gone already has only hung up, and cannot be named.
    if (socket.remoteAddress !== undefined) this.events.refused(socket.remoteAddress, error);
    socket.destroy();
  }
}

function tooLate(handshakeMs: number): PeerError {
  return new PeerError('TIMEOUT', `no TLS handshake within ${handshakeMs} ms`);
}

function connectionKey({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
