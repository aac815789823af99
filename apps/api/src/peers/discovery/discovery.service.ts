import type { RemoteInfo } from 'node:dgram';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { VERSION } from '../../config/version';
import { PeerTransport } from '../../transport/peer-transport';
import { LocalDevice } from '../local-device';
import { announcedAddresses, chooseInterfaces } from './choose-interfaces';
import { ANNOUNCE_EVERY_MS, ANNOUNCE_JITTER_MS, QUERY_EVERY_MS } from './limits';
import type { MulticastLink } from './multicast-link';
import { MulticastLinks, type LinkStatus } from './multicast-links';
import { NearbyDevices } from './nearby-devices';
import { PacketReader } from './packet-reader';
import { Replies } from './replies';
import { encodeAnnouncement, encodeGoodbye, encodeQuery, nearbyIdOf, type OwnService } from './service-records';

/** RFC 6762 section 8.3: a newcomer says so twice, a second apart. */
const SECOND_ANNOUNCEMENT_MS = 1_000;

export interface DiscoveryStatus {
  readonly isOn: boolean;
  /** Why it does not work at all. */
  readonly problem?: string;
  readonly links: readonly LinkStatus[];
  readonly nearby: number;
}

/** Tells the network that this device is here, and hears who else is. PROTOCOL.md section 13. */
@Injectable()
export class DiscoveryService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DiscoveryService.name);
  private readonly replies = new Replies<MulticastLink>((link) => void this.announceOn(link));
  private readonly links: MulticastLinks;
  private timer?: NodeJS.Timeout;
  private lastQueryMs = -Infinity;
  private problem?: string;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly transport: PeerTransport,
    private readonly local: LocalDevice,
    private readonly nearby: NearbyDevices,
  ) {
    const reader = new PacketReader<MulticastLink>(nearbyIdOf(local.id), {
      seen: (sighting, via) => nearby.note(sighting, via),
      asked: (link, source) => this.replies.want(link, source, performance.now()),
    });
    this.links = new MulticastLinks(
      {
        received: (link: MulticastLink, packet: Buffer, source: RemoteInfo) => reader.read(link, packet, source),
        opened: (link) => this.greet(link),
      },
      this.logger,
    );
  }

  /** Starts once the port that is announced is known. */
  onApplicationBootstrap(): void {
    if (!this.config.discovery) return;
    if (this.transport.port === 0) this.transport.on('listening', () => this.start());
    else this.start();
  }

  /** Says goodbye, so that the others need not wait. */
  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.replies.stop();
    await this.links.send((link) => this.encode(link, encodeGoodbye));
    this.links.close();
  }

  status(): DiscoveryStatus {
    const { problem } = this;
    const links = this.links.status();
    return { isOn: this.config.discovery, ...(problem && { problem }), links, nearby: this.nearby.all().length };
  }

  private start(): void {
    this.follow();
    this.lastQueryMs = performance.now(); // every new link asks by itself
    this.continueAfter(SECOND_ANNOUNCEMENT_MS);
  }

  private continueAfter(pauseMs: number): void {
    this.timer = setTimeout(() => {
      this.follow();
      void this.links.send((link) => this.encode(link, encodeAnnouncement));
      this.askAtTimes();
      this.continueAfter(ANNOUNCE_EVERY_MS + Math.random() * ANNOUNCE_JITTER_MS);
    }, pauseMs).unref();
  }

  /** What fails here fails again next time: it is said once, and the node goes on without. */
  private follow(): void {
    try {
      const interfaces = chooseInterfaces(this.config);
      this.links.follow(interfaces, performance.now());
      this.say(
        interfaces.length > 0 ? undefined : 'Discovery found no network interface to work on; it keeps looking.',
      );
    } catch (error) {
      this.say(`Discovery cannot look at the network interfaces: ${String(error)}`);
    }
  }

  private say(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.problem) this.logger.warn(problem);
    this.problem = problem;
  }

  private askAtTimes(): void {
    const now = performance.now();
    if (now - this.lastQueryMs < QUERY_EVERY_MS) return;
    this.lastQueryMs = now;
    void this.links.send(() => encodeQuery());
  }

  private greet(link: MulticastLink): void {
    void this.announceOn(link);
    void link.send(encodeQuery());
  }

  private async announceOn(link: MulticastLink): Promise<void> {
    const packet = this.encode(link, encodeAnnouncement);
    if (packet) await link.send(packet);
  }

  /** Nothing where nobody could reach us. */
  private encode({ on }: MulticastLink, encode: (own: OwnService) => Uint8Array): Uint8Array | undefined {
    const addresses = announcedAddresses(on, this.config.peerHost);
    if (addresses.length === 0) return undefined;
    const { id, name } = this.local;
    return encode({ id: nearbyIdOf(id), name, version: VERSION, port: this.transport.port, addresses });
  }
}
