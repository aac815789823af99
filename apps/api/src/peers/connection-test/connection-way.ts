import type { ConnectionStep } from '@ferry/protocol';
import { dialDevice, type DialStep } from '../../transport/dial';
import type { DeviceIdentity } from '../../transport/identity';
import { PeerError } from '../../transport/peer-error';
import { NEARBY_ID } from '../discovery/service-records';
import { StepLog } from './step-log';

/** One address of a device, and how far a connection to it came. */
export interface Way {
  /** `host:port`; absent when there was none to try. */
  readonly address?: string;
  /** With the steps up to `tls`; the one that failed is the last. */
  readonly log: StepLog;
  /** Who is there; absent when the way ended before. */
  readonly deviceId?: string;
}

const NEXT: Readonly<Record<DialStep, DialStep>> = { dns: 'tcp', tcp: 'tls', tls: 'identity', identity: 'identity' };

const FOUND: Readonly<Record<Exclude<DialStep, 'identity'>, (found: string) => string>> = {
  dns: (addresses) => `Found ${addresses}.`,
  tcp: (address) => `${address} takes the connection.`,
  tls: (cipher) => `A Ferry device answers, encrypted with TLS 1.3 (${cipher}).`,
};

/**
 * Connects to an address up to the check of the key, says nothing and closes again.
 * @param id the device that is looked for: whole, or as much of it as it announces.
 */
export async function walkTo(address: string, id: string, identity: DeviceIdentity, timeoutMs: number): Promise<Way> {
  const log = new StepLog();
  let step: DialStep = 'dns';
  const onStep = (done: DialStep, found: string): void => {
    if (done !== 'identity') log.passed(done, FOUND[done](found));
    step = NEXT[done];
  };
  const isAnnounced = NEARBY_ID.test(id);
  try {
    const target = { address, expectedId: isAnnounced ? undefined : id, onStep };
    const { socket, peerId } = await dialDevice(target, identity, timeoutMs);
    socket.destroy();
    if (!isAnnounced || peerId.startsWith(id)) return { address, log, deviceId: peerId };
    log.failed(step, `Another device than the one that announces itself answers at ${address}.`);
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    log.failed(step, error.message);
  }
  return { address, log };
}

/** A way that ended before it began. */
export function noWay(step: ConnectionStep, detail: string): Way {
  const log = new StepLog();
  log.failed(step, detail);
  return { log };
}
