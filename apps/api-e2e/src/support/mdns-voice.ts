import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { decode, encode, type Answer } from 'dns-packet';

const PORT = 5353;
const GROUP = '224.0.0.251';
const LOOPBACK = '127.0.0.1';
const SERVICE = '_ferry._tcp.local';

export interface Claim {
  /** 14 base32 characters. */
  readonly id: string;
  readonly name?: string;
  readonly port?: number;
  readonly addresses?: readonly string[];
  readonly ttlS?: number;
}

/** Somebody in the local network (loopback here) who says by mDNS what a test wants, and hears what others say. */
export class MdnsVoice {
  /** Ids of the devices that announced themselves, in order, each time. */
  readonly heard: string[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('message', (packet) => this.hear(packet));
  }

  /** @param from loopback address that packets come from; who has one hears nothing. */
  static async open(from?: string): Promise<MdnsVoice> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.bind(PORT, from);
    await once(socket, 'listening');
    if (from === undefined) socket.addMembership(GROUP, LOOPBACK);
    socket.setMulticastInterface(LOOPBACK);
    return new MdnsVoice(socket);
  }

  announce(claim: Claim): Promise<void> {
    return this.send(announcement(claim));
  }

  ask(): Promise<void> {
    return this.send(encode({ type: 'query', questions: [{ name: SERVICE, type: 'PTR' }] }));
  }

  /** Any bytes, to the group or to one address. */
  send(packet: Uint8Array, to = GROUP): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(packet, PORT, to, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Resolves when any datagram comes, or after a second. */
  async next(): Promise<void> {
    await Promise.race([once(this.socket, 'message'), delay(1_000)]);
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private hear(packet: Buffer): void {
    if (!packet.includes('_ferry')) return;
    try {
      const { type, answers = [] } = decode(packet);
      const [pointer] = answers;
      if (type === 'response' && pointer?.type === 'PTR') this.heard.push(pointer.data.slice(0, 14));
    } catch {
      // another test sends what is no DNS
    }
  }
}

/** What a node with such properties would send. */
export function announcement({ id, name = 'voice', port = 8000, addresses = [LOOPBACK], ttlS = 8 }: Claim): Buffer {
  const instance = `${id}.${SERVICE}`;
  const host = `ferry-${id.toLowerCase()}.local`;
  return encode({
    type: 'response',
    answers: [
      { type: 'PTR', name: SERVICE, ttl: ttlS, data: instance },
      { type: 'SRV', name: instance, ttl: ttlS, data: { port, target: host } },
      { type: 'TXT', name: instance, ttl: ttlS, data: [`id=${id}`, `name=${name}`, 'v=0.0.0'] },
      ...addresses.map((data): Answer => ({ type: 'A', name: host, ttl: ttlS, data })),
    ],
  });
}

/** 14 base32 characters that no other test uses. */
export function randomNearbyId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(crypto.getRandomValues(new Uint8Array(14)), (byte) => alphabet[byte % 32]).join('');
}
