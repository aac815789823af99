import { formatBytes, type ConnectionStep, type Peer, type PeerTestResult } from '@ferry/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { DeviceIdentity } from '../../transport/identity';
import { PeerError } from '../../transport/peer-error';
import type { PeerSession } from '../../transport/peer-session';
import { Dialler } from '../dialler';
import { distrusted } from '../offline';
import { PEERS_OPTIONS, type PeersOptions } from '../peers-options';
import { PeersRepository } from '../peers.repository';
import { PeersService } from '../peers.service';
import { Presence } from '../presence/presence';
import { shownLatencyMs } from '../shown-latency';
import { noWay, walkTo, type Way } from './connection-way';
import { measureSpeed } from './line-speed';
import { StepLog } from './step-log';

const PINGS = 5;

type Figures = Pick<PeerTestResult, 'latencyMs' | 'throughputBps'>;

/** Finds out whether a device can be reached now, how well, and where the way to it ends. */
@Injectable()
export class ConnectionTest {
  constructor(
    private readonly peers: PeersService,
    private readonly presence: Presence,
    private readonly dialler: Dialler,
    private readonly repository: PeersRepository,
    private readonly identity: DeviceIdentity,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {}

  /**
   * Tries the addresses in their order until one leads to the device, then measures on a session with it.
   * A device that cannot be reached is a result, not an error. @throws PeerError NOT_FOUND.
   */
  async run(id: string): Promise<PeerTestResult> {
    const peer = this.peers.get(id);
    const way = await this.findWay(peer);
    const live = this.presence.sessionOf(id);
    if (way.deviceId === undefined && !live) return result(way.log, { latencyMs: null }, way.address);
    // It may have connected by itself from where nobody can dial it.
    const log = way.deviceId === undefined ? new StepLog() : way.log;
    const figures = await this.measure(peer, log, () => live ?? this.dial(peer, way));
    return result(log, figures, way.deviceId === undefined ? live?.remoteAddress : way.address);
  }

  private async findWay({ id, name, addresses, seenAt, permissions }: Peer): Promise<Way> {
    if (permissions.blocked) return noWay('identity', 'This device is blocked: unblock it first.');
    const ways: Way[] = [];
    const all = [...new Set([...addresses, ...seenAt])];
    for (const address of all.slice(0, this.options.maxTestedAddresses)) {
      const way = await walkTo(address, id, this.identity, this.options.dialTimeoutMs);
      if (way.deviceId !== undefined) return way;
      ways.push(way);
    }
    // The one that came furthest tells most; of those the best address.
    const [furthest] = ways.toSorted((one, other) => other.log.steps.length - one.log.steps.length);
    return furthest ?? noWay('dns', `No address of ${name} is known: add one, or wait until it connects by itself.`);
  }

  private async dial({ id, paired }: Peer, { address = '', deviceId = id }: Way): Promise<PeerSession> {
    const { session } = await this.dialler.dialAny([address], deviceId);
    if (!paired) return session;
    await this.presence.admit(session);
    this.repository.markGood(id, address, new Date());
    return session;
  }

  private async measure(
    { name, paired }: Peer,
    log: StepLog,
    open: () => PeerSession | Promise<PeerSession>,
  ): Promise<Figures> {
    let step: ConnectionStep = 'identity';
    let latencyMs: number | null = null;
    let session: PeerSession | undefined;
    try {
      session = await open();
      log.passed(step, paired ? `It is ${name}, and it trusts this device.` : `It is ${name}; it is not paired.`);
      step = 'latency';
      latencyMs = await this.latencyOf(session);
      log.passed(step, `${latencyMs} ms, the median of ${PINGS} round trips.`);
      if (!paired) return { latencyMs };
      step = 'throughput';
      const { bytesPerSecond, reason } = await measureSpeed(session, this.options.probeMs);
      log.passed(step, reason ?? `${formatBytes(bytesPerSecond ?? 0)}/s from ${name} to this device.`);
      return { latencyMs, ...(bytesPerSecond !== undefined && { throughputBps: bytesPerSecond }) };
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      log.failed(step, step === 'identity' ? refusalOf(name, error) : error.message);
      return { latencyMs };
    } finally {
      if (!paired) session?.close();
    }
  }

  private async latencyOf(session: PeerSession): Promise<number> {
    const signal = AbortSignal.timeout(this.options.answerTimeoutMs);
    try {
      const roundTrips: number[] = [];
      while (roundTrips.length < PINGS) roundTrips.push(await session.ping(signal));
      return shownLatencyMs(median(roundTrips));
    } catch (cause) {
      throw new PeerError('SESSION_CLOSED', 'The connection was there, but no answer came over it.', { cause });
    }
  }
}

/** Reachable is who answered a round trip. */
function result({ steps, failure }: StepLog, figures: Figures, address?: string): PeerTestResult {
  return {
    reachable: figures.latencyMs !== null,
    ...figures,
    ...(failure && { error: failure.detail, failedStep: failure.step }),
    ...(address !== undefined && { address }),
    steps,
  };
}

function refusalOf(name: string, error: PeerError): string {
  if (error.code === 'NOT_PAIRED') return distrusted(name, error).message;
  if (error.code !== 'SESSION_CLOSED') return error.message;
  return `${name} closed the connection without a word: it may have blocked this device.`;
}

/** Of an odd number of values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) / 2] ?? 0;
}
