import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { DiscoveryInterface, IpFamily } from './discovery-interface';
import { MDNS_PORT } from './limits';

/** RFC 6762 section 3. */
const GROUPS: Readonly<Record<IpFamily, string>> = { IPv4: '224.0.0.251', IPv6: 'ff02::fb' };
/** RFC 6762 section 11. */
const HOP_LIMIT = 255;

export interface MulticastListener {
  /** A datagram came from a neighbour; its content can be anything. */
  received(link: MulticastLink, packet: Buffer, source: RemoteInfo): void;
  opened(link: MulticastLink): void;
  /** The link is of no use any more. Called once at most. */
  failed(link: MulticastLink, error: Error): void;
}

/** The mDNS group on one interface in one IP version: a socket of its own, so that what is sent leaves there and nowhere else. */
export class MulticastLink {
  private readonly socket: Socket;
  private isOpen = false;
  private isOver = false;

  constructor(
    readonly on: DiscoveryInterface,
    readonly family: IpFamily,
    private readonly listener: MulticastListener,
  ) {
    const isV6 = family === 'IPv6';
    this.socket = createSocket({ type: isV6 ? 'udp6' : 'udp4', reuseAddr: true, ipv6Only: isV6 });
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('message', (packet, source) => this.receive(packet, source));
    this.socket.bind(MDNS_PORT, () => this.join());
  }

  /** To the whole group; lost when the network wants it so. */
  send(packet: Uint8Array): Promise<void> {
    if (!this.isOpen || this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.socket.send(packet, MDNS_PORT, GROUPS[this.family], (error) => {
        if (error) this.fail(error);
        resolve();
      });
    });
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.socket.close();
  }

  private join(): void {
    try {
      const [address] = this.on.addressesOf(this.family);
      const way = this.family === 'IPv6' ? `::%${this.on.name}` : address;
      this.socket.addMembership(GROUPS[this.family], way);
      this.socket.setMulticastInterface(way ?? '');
      this.socket.setMulticastTTL(HOP_LIMIT);
      this.socket.setMulticastLoopback(true); // other nodes of this machine
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.isOpen = true;
    this.listener.opened(this);
  }

  /** Linux hands a datagram to every socket of the port, whatever interface it came over. */
  private receive(packet: Buffer, source: RemoteInfo): void {
    if (!this.isOver && this.on.isNeighbour(source.address)) this.listener.received(this, packet, source);
  }

  private fail(error: Error): void {
    if (this.isOver) return;
    this.close();
    this.listener.failed(this, error);
  }
}
