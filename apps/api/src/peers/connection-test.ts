import type { ConnectionStep, PeerTestResult } from '@ferry/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { PeerError, type PeerErrorCode } from '../transport/peer-error';
import type { PeerSession } from '../transport/peer-session';
import { Dialler } from './dialler';
import { acceptsTcp } from './accepts-tcp';
import { distrusted } from './offline';
import { PEERS_OPTIONS, type PeersOptions } from './peers-options';
import { PeersService } from './peers.service';
import { Presence } from './presence/presence';
import { shownLatencyMs } from './shown-latency';

const PINGS = 5;

/** The step at which a failure shows that the connection ended. */
const STEP_OF_CODE: Partial<Record<PeerErrorCode, ConnectionStep>> = {
  ADDRESS_INVALID: 'dns',
  DNS_FAILED: 'dns',
  OFFLINE: 'dns',
  UNREACHABLE: 'tcp',
  TIMEOUT: 'tcp',
  TLS_FAILED: 'tls',
  IDENTITY_MISMATCH: 'identity',
  VERSION: 'identity',
  NOT_PAIRED: 'identity',
  SELF: 'identity',
};

/** Finds out whether a device can be reached now, and where the way to it ends. */
@Injectable()
export class ConnectionTest {
  constructor(
    private readonly peers: PeersService,
    private readonly presence: Presence,
    private readonly dialler: Dialler,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {}

  /** A device that cannot be reached is a result, not an error. @throws PeerError NOT_FOUND. */
  async run(id: string): Promise<PeerTestResult> {
    const { paired, addresses, name } = this.peers.get(id);
    try {
      if (paired) return await this.measure(await this.presence.connect(id));
      const { session } = await this.dialler.dialAny(addresses, id);
      return await this.measure(session).finally(() => session.close());
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      return failure(error, name, await failedStep(error, addresses));
    }
  }

  private async measure(session: PeerSession): Promise<PeerTestResult> {
    const signal = AbortSignal.timeout(this.options.answerTimeoutMs);
    try {
      const roundTrips: number[] = [];
      while (roundTrips.length < PINGS) roundTrips.push(await session.ping(signal));
      return { reachable: true, latencyMs: shownLatencyMs(median(roundTrips)), steps: [] };
    } catch (cause) {
      throw new PeerError('SESSION_CLOSED', 'The connection was there, but no answer came over it.', { cause });
    }
  }
}

function failure(error: PeerError, name: string, step: ConnectionStep): PeerTestResult {
  const { message } = error.code === 'NOT_PAIRED' ? distrusted(name, error) : error;
  return { reachable: false, latencyMs: null, error: message, failedStep: step, steps: [] };
}

/** Silence can be that of the network or of something else that listens there: only the second lets us connect. */
async function failedStep({ code }: PeerError, [address]: readonly string[]): Promise<ConnectionStep> {
  const step = STEP_OF_CODE[code] ?? 'latency';
  return code === 'TIMEOUT' && address && (await acceptsTcp(address)) ? 'tls' : step;
}

/** Of an odd number of values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) / 2] ?? 0;
}
