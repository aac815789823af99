import type { RemoteInfo } from 'node:dgram';
import type { LoggerService } from '@nestjs/common';
import type { DiscoveryInterface, IpFamily } from './discovery-interface';
import { RETRY_INTERFACE_MS } from './limits';
import { MulticastLink } from './multicast-link';

const FAMILIES: readonly IpFamily[] = ['IPv4', 'IPv6'];
/** An interface that has just come up often fails once. */
const FAILURES_WORTH_SAYING = 2;
/** Told apart; virtual interfaces come and go under ever new names. */
const MAX_FAILURES = 64;

/** How discovery does on one interface, for people. */
export interface LinkStatus {
  readonly name: string;
  readonly family: IpFamily;
  /** Why it does not work there. */
  readonly problem?: string;
}

export interface LinksListener {
  received(link: MulticastLink, packet: Buffer, source: RemoteInfo): void;
  opened(link: MulticastLink): void;
}

interface Slot {
  readonly link: MulticastLink;
  problem?: string;
  retryAtMs: number;
}

/** One link for each interface and IP version, following the interfaces as they come and go. A failure is said once, and never fatal. */
export class MulticastLinks {
  private readonly slots = new Map<string, Slot>();
  private readonly failures = new Map<string, number>();

  constructor(
    private readonly listener: LinksListener,
    private readonly logger: LoggerService,
  ) {}

  get open(): MulticastLink[] {
    return [...this.slots.values()].filter(({ problem }) => problem === undefined).map(({ link }) => link);
  }

  status(): LinkStatus[] {
    return [...this.slots.values()].map(({ link: { on, family }, problem }) => ({
      name: on.name,
      family,
      ...(problem !== undefined && { problem }),
    }));
  }

  /** Opens what is new, closes what is gone, tries again what failed a while ago. */
  follow(interfaces: readonly DiscoveryInterface[], now: number): void {
    const wanted = new Map(
      interfaces.flatMap((on) =>
        FAMILIES.filter((family) => on.addressesOf(family).length > 0).map((family) => [
          `${on.key} ${family}`,
          { on, family },
        ]),
      ),
    );
    for (const [key, { link, problem, retryAtMs }] of this.slots) {
      if (wanted.has(key) && (problem === undefined || retryAtMs > now)) continue;
      link.close();
      this.slots.delete(key);
    }
    for (const [key, { on, family }] of wanted) if (!this.slots.has(key)) this.add(key, on, family, now);
  }

  /** The same to all of them, or to each what `packetFor` makes for it. */
  async send(packetFor: (link: MulticastLink) => Uint8Array | undefined): Promise<void> {
    await Promise.all(
      this.open.map((link) => {
        const packet = packetFor(link);
        return packet && link.send(packet);
      }),
    );
  }

  close(): void {
    for (const { link } of this.slots.values()) link.close();
    this.slots.clear();
  }

  private add(key: string, on: DiscoveryInterface, family: IpFamily, now: number): void {
    const link = new MulticastLink(on, family, {
      opened: (opened) => this.listener.opened(opened),
      received: (...datagram) => this.listener.received(...datagram),
      failed: (failed, error) => this.note(key, failed, error),
    });
    this.slots.set(key, { link, retryAtMs: now + RETRY_INTERFACE_MS });
  }

  private note(key: string, link: MulticastLink, error: Error): void {
    const slot = this.slots.get(key);
    if (slot?.link !== link) return;
    slot.problem = error.message;
    const line = `No discovery over ${link.family} on ${link.on.name}: ${error.message}.`;
    const failures = (this.failures.get(line) ?? 0) + 1;
    if (this.failures.size >= MAX_FAILURES) this.failures.clear();
    this.failures.set(line, failures);
    if (failures !== FAILURES_WORTH_SAYING) return;
    // Loopback without IPv6 multicast is how most systems are.
    if (link.on.isLoopback && link.family === 'IPv6') this.logger.debug?.(line);
    else this.logger.warn(`${line} Devices there are reached by address, or by a scan.`);
  }
}
