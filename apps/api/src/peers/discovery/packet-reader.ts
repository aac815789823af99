import type { RemoteInfo } from 'node:dgram';
import { decode, type DecodedPacket } from 'dns-packet';
import type { DiscoveryInterface } from './discovery-interface';
import { MDNS_PORT } from './limits';
import { PacketGate } from './packet-gate';
import { asksFor } from './service-records';
import { readSightings, type Sighting } from './sightings';

export interface PacketListener<Link> {
  seen(sighting: Sighting, via: string): void;
  /** Somebody wants to know who is here. */
  asked(link: Link, source: string): void;
}

/** Makes something of the datagrams that are worth it. Any bytes are fine: what is not understood is dropped. */
export class PacketReader<Link extends { readonly on: DiscoveryInterface }> {
  private readonly gate = new PacketGate();

  constructor(
    private readonly ownId: string,
    private readonly listener: PacketListener<Link>,
  ) {}

  read(link: Link, bytes: Buffer, { address, port }: RemoteInfo): void {
    // Other ports are those of one-shot queries, which want an answer to themselves: a way to make us send to victims.
    if (port !== MDNS_PORT || !this.gate.admits(bytes, address, performance.now())) return;
    const packet = decoded(bytes);
    if (packet?.type === 'query' && asksFor(packet, this.ownId)) this.listener.asked(link, address);
    if (packet?.type !== 'response') return;
    for (const sighting of readSightings(packet, address, link.on)) this.listener.seen(sighting, link.on.name);
  }
}

function decoded(bytes: Buffer): DecodedPacket | undefined {
  try {
    return decode(bytes);
  } catch {
    return undefined; // the decoder throws plain errors of every kind on bytes that are not DNS
  }
}
