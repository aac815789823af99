import { setTimeout as delay } from 'node:timers/promises';
import { formatAddress, parseAddress, ProtocolError } from '@ferry/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { PeerError } from '../transport/peer-error';
import type { PeerSession } from '../transport/peer-session';
import { PeerTransport } from '../transport/peer-transport';
import { explainFailures, type DialFailure } from './dial-failures';
import { PEERS_OPTIONS, type PeersOptions } from './peers-options';

export interface Dialled {
  readonly session: PeerSession;
  /** The one that led there. */
  readonly address: string;
}

/** Dials and asks other devices within the deadlines of this module. */
@Injectable()
export class Dialler {
  constructor(
    private readonly transport: PeerTransport,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {}

  /**
   * Dials whoever listens at an address that the user typed.
   * @throws PeerError ADDRESS_INVALID and all that `PeerTransport.dial` says.
   */
  async dial(typed: string): Promise<Dialled> {
    const address = normalize(typed);
    return { session: await this.dialOne(address, {}), address };
  }

  /**
   * Dials the addresses of one device, best first. The next one starts when the one before failed or has not
   * answered for a moment, so that a network card nobody reaches costs little; the first session wins.
   * @throws PeerError of the only address, or UNREACHABLE naming all of them; the signal's reason.
   */
  async dialAny(addresses: readonly string[], expectedId: string, signal?: AbortSignal): Promise<Dialled> {
    const isOver = new AbortController();
    const stop = signal ? AbortSignal.any([signal, isOver.signal]) : isOver.signal;
    const failures: DialFailure[] = [];

    const attempt = async (address: string): Promise<Dialled> => {
      stop.throwIfAborted();
      try {
        const session = await this.dialOne(address, { expectedId, signal: stop });
        if (isOver.signal.aborted) session.close();
        return { session, address };
      } catch (error) {
        if (error instanceof PeerError) failures.push({ address, error });
        throw error;
      }
    };

    let previous: Promise<unknown> = Promise.resolve();
    const attempts = addresses.map((address, index) => {
      const patience = delay(index * this.options.dialStaggerMs, undefined, { signal: stop, ref: false });
      const turn = Promise.race([previous, patience]);
      const result = turn.then(() => attempt(address));
      previous = result.catch(() => undefined);
      return result;
    });
    try {
      return await Promise.any(attempts);
    } catch {
      // Promise.any tells only that all have failed.
      signal?.throwIfAborted();
      throw explainFailures(failures);
    } finally {
      isOver.abort();
    }
  }

  /** Asks the peer, and does not wait for ever. @throws PeerError TIMEOUT and others; the signal's reason. */
  async ask(session: PeerSession, pattern: string, data: unknown, signal?: AbortSignal): Promise<unknown> {
    const { answerTimeoutMs } = this.options;
    const what = `The other device did not answer within ${answerTimeoutMs / 1000} seconds.`;
    return within(answerTimeoutMs, what, signal, (either) => session.request(pattern, data, either));
  }

  private dialOne(
    address: string,
    { expectedId, signal }: { expectedId?: string; signal?: AbortSignal },
  ): Promise<PeerSession> {
    const { dialTimeoutMs } = this.options;
    const what = `${address} did not answer within ${dialTimeoutMs / 1000} seconds: check the address, and that Ferry runs there.`;
    return within(dialTimeoutMs, what, signal, (either) =>
      this.transport.dial(address, { expectedId, signal: either }),
    );
  }
}

async function within<T>(
  timeoutMs: number,
  what: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await work(signal ? AbortSignal.any([signal, timeout]) : timeout);
  } catch (error) {
    if (error !== timeout.reason) throw error;
    throw new PeerError('TIMEOUT', what, { cause: error });
  }
}

function normalize(typed: string): string {
  try {
    return formatAddress(parseAddress(typed));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const example = 'write it like 192.168.1.20:8000 or [fd00::5]:8000';
    throw new PeerError('ADDRESS_INVALID', `This is no address (${error.message}): ${example}.`, { cause: error });
  }
}
