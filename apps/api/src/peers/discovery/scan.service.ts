import { formatAddress, type ScanResult } from '@ferry/protocol';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { PeerTransport } from '../../transport/peer-transport';
import { PeersService } from '../peers.service';
import { chooseInterfaces } from './choose-interfaces';
import { SCAN_AT_ONCE, SCAN_MEMORY_MS, SCAN_PROBE_MS } from './limits';
import { NearbyDevices } from './nearby-devices';
import { planScan } from './scan-hosts';
import { nearbyIdOf } from './service-records';

/** Looks for devices where multicast is dropped: knocks at the port of this device at each neighbour, when the user asks for it. */
@Injectable()
export class ScanService {
  private readonly logger = new Logger(ScanService.name);
  private isRunning = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly transport: PeerTransport,
    private readonly nearby: NearbyDevices,
    private readonly peers: PeersService,
  ) {}

  /**
   * Tries all neighbours once. What it finds is nearby for some minutes.
   * @param signal ends the scan early, with what it has found so far.
   * @throws PeerError SCAN_OFF, RATE_LIMITED while another scan runs.
   */
  async run(signal: AbortSignal): Promise<ScanResult> {
    if (!this.config.scan) {
      throw new PeerError('SCAN_OFF', 'Scanning is switched off: start this node with FERRY_SCAN=on to allow it.');
    }
    if (this.isRunning) throw new PeerError('RATE_LIMITED', 'A scan runs already: wait for its end.');
    this.isRunning = true;
    try {
      return await this.probeAll(signal);
    } finally {
      this.isRunning = false;
    }
  }

  private async probeAll(signal: AbortSignal): Promise<ScanResult> {
    const { subnets, hosts } = planScan(chooseInterfaces(this.config));
    const queue = hosts.values();
    let probed = 0;
    const found = new Set<string>();
    const work = async (): Promise<void> => {
      for (const host of queue) {
        if (signal.aborted) return;
        const id = await this.probe(host, signal);
        probed += 1;
        if (id !== undefined) found.add(id);
      }
    };
    await Promise.all(Array.from({ length: SCAN_AT_ONCE }, work));
    this.logger.log(`Scanned ${probed} addresses in ${subnets.join(', ') || 'no subnet'}: ${found.size} devices`);
    return { subnets, probed, found: found.size };
  }

  /** @returns the id of the device there, if there is one. */
  private async probe(host: string, signal: AbortSignal): Promise<string | undefined> {
    const address = formatAddress({ host, port: this.transport.port });
    const either = AbortSignal.any([signal, AbortSignal.timeout(SCAN_PROBE_MS)]);
    try {
      const session = await this.transport.dial(address, { signal: either });
      this.note(session, address);
      await this.peers.settle(session, address);
      return session.peerId;
    } catch (error) {
      if (!(error instanceof PeerError) && !either.aborted) throw error;
      return undefined; // nobody there, or something else than Ferry
    }
  }

  private note({ peerId, remoteHello: { name } }: PeerSession, address: string): void {
    this.nearby.note({ id: nearbyIdOf(peerId), name, addresses: [address], ttlMs: SCAN_MEMORY_MS }, 'scan');
  }
}
