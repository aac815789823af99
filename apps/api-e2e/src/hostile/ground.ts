import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { FrameType, type Pairing, PATTERNS, type Peer, type Problem } from '@ferry/protocol';
import { type Answer, type NodeProcess, withDeadline } from '@ferry/test-nodes';
import { HostileServer, type HostileServerOptions } from '../support/hostile-server';
import { invitationClaim } from '../support/invitation-claim';
import { RawWire } from '../support/raw-wire';
import { RecordTap, type TapRecord } from '../support/record-tap';
import { type CertificateClaims, createIdentity, type TestIdentity } from '../support/test-identity';
import type { Field } from './field';
import { scaledMs } from './mode';

const CONNECT_MS = 15_000;
/** Reply bytes for each byte of who is not authenticated. */
const MAX_AMPLIFICATION = 4;

export interface DialOptions {
  /** Who dials; a new device without this. */
  readonly identity?: TestIdentity;
  /** Over what a proper device uses. */
  readonly tls?: ConnectionOptions;
  /** Changes what goes out below TLS. */
  readonly tap?: TapRecord;
  /** Source address; one that was never used without this. */
  readonly from?: string;
  /** Over what a proper device says. */
  readonly hello?: object;
}

/** What one case works with: attackers with an address and keys of their own. `end` closes all of it. */
export class Ground {
  /** Loopback address that no other case uses, for what has to come from one. */
  readonly address: string;
  private readonly devices = new Set<string>();
  private readonly strangers = new Set<Socket>();
  private readonly disposals: (() => unknown)[] = [];

  constructor(readonly field: Field) {
    this.address = field.nextAddress();
  }

  /** The node under attack. */
  get node(): NodeProcess {
    return this.field.node;
  }

  /** What a deadline of so many seconds is in this run, in milliseconds. */
  ms(seconds: number): number {
    return scaledMs(seconds);
  }

  /** A device that the node does not know. */
  async identity(claims?: CertificateClaims): Promise<TestIdentity> {
    const identity = await createIdentity(claims);
    this.devices.add(identity.deviceId);
    return identity;
  }

  /** A loopback address that was not used before. */
  newAddress(): string {
    return this.field.nextAddress();
  }

  /** A TCP connection to the node's peer port. What it gets in return is counted. */
  async tcp(from = this.newAddress()): Promise<Socket> {
    const socket = connectTcp({ host: '127.0.0.1', port: this.node.ports.peer, localAddress: from, noDelay: true });
    socket.on('error', () => undefined); // a reset is an expected end
    this.strangers.add(socket);
    this.defer(() => socket.destroy());
    await withDeadline(once(socket, 'connect'), CONNECT_MS, 'TCP with the node');
    return socket;
  }

  /** A connection with finished TLS and no hello. */
  async dial(options: DialOptions = {}): Promise<RawWire> {
    const wire = await this.begin(options);
    await withDeadline(once(wire.tls, 'secureConnect'), CONNECT_MS, 'TLS with the node');
    return wire;
  }

  /** A connection on which TLS has begun; for handshakes that do not come to an end. */
  async begin({ identity, tls = {}, tap, from }: DialOptions = {}): Promise<RawWire> {
    const { keyPem, certificatePem } = identity ?? (await this.identity());
    const tcp = await this.tcp(from);
    const socket = connectTls({
      socket: tap ? new RecordTap(tcp, tap) : tcp,
      key: keyPem,
      cert: certificatePem,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['ferry/1'],
      rejectUnauthorized: false,
      ...tls,
    });
    return new RawWire(socket, 'dialler', tcp);
  }

  /** An open session of a device that is not paired. */
  async greet(options: DialOptions = {}): Promise<RawWire> {
    const wire = await this.dial(options);
    await wire.hello(options.hello);
    return wire;
  }

  /** An open session of a device that the node has just paired with, by an invitation. */
  async pair(options: DialOptions = {}): Promise<RawWire> {
    const identity = options.identity ?? (await this.identity());
    const wire = await this.greet({ ...options, identity });
    const answer = await wire.ask(PATTERNS.pairClaim, await invitationClaim(this.node, identity));
    if (answer.header.type !== FrameType.RESPONSE) throw new Error(`not paired: ${wire.story()}`);
    this.strangers.delete(wire.tcp);
    return wire;
  }

  /** A hostile device that the node can dial. */
  async listen(
    options: Partial<HostileServerOptions> & { readonly identity?: TestIdentity } = {},
  ): Promise<HostileServer> {
    const identity = options.identity ?? (await this.identity());
    const server = await HostileServer.listen(identity, { host: this.newAddress(), ...options });
    this.defer(() => server.close());
    return server;
  }

  /** Has the node dial a hostile device as its user would by its address. */
  nodeAdds(server: HostileServer): Promise<Answer<Peer & Problem>> {
    return this.node.api.call<Peer & Problem>('POST', '/peers', { address: server.address });
  }

  /** Has the node claim an invitation of a hostile device, whatever comes of it. */
  nodeClaims(server: HostileServer): Promise<Answer<Pairing & Problem>> {
    return this.node.api.call<Pairing & Problem>('POST', '/pairings/claim', { uri: server.invitation() });
  }

  /** Has the node pair with a hostile device; resolves with the hostile end of the session. */
  async nodePairs(server: HostileServer): Promise<RawWire> {
    const [wire, { status, body }] = await Promise.all([server.nextWire(), this.nodeClaims(server)]);
    if (status !== 201) throw new Error(`not paired: ${JSON.stringify(body)}`);
    return wire;
  }

  /** Runs `dispose` at the end of the case. */
  defer(dispose: () => unknown): void {
    this.disposals.push(dispose);
  }

  /** Closes all and has the node forget the devices. @throws Error when strangers got more bytes than is their due. */
  async end(): Promise<void> {
    const replies = [...this.strangers].map(({ bytesRead, bytesWritten }) => ({ bytesRead, bytesWritten }));
    await Promise.allSettled(this.disposals.splice(0).map(async (dispose) => dispose()));
    for (const id of this.devices) await this.node.api.call('DELETE', `/peers/${id}`);
    for (const { bytesRead, bytesWritten } of replies) {
      if (bytesRead > MAX_AMPLIFICATION * bytesWritten)
        throw new Error(`invariant 8: ${bytesRead} bytes in return for ${bytesWritten} of a stranger`);
    }
  }
}
