import { PeerError, type PeerErrorCode } from '../transport/peer-error';

export interface DialFailure {
  readonly address: string;
  readonly error: PeerError;
}

const UNREACHABLE_CODES: ReadonlySet<PeerErrorCode> = new Set(['UNREACHABLE', 'TIMEOUT', 'DNS_FAILED']);

/** One error for all the addresses of a device, in words for the user. */
export function explainFailures(failures: readonly DialFailure[]): PeerError {
  const [first] = failures;
  if (!first) {
    return new PeerError('OFFLINE', 'None of its addresses is known: add one, or wait until it connects by itself.');
  }
  // Where it did answer, that tells most. Another device at one of several addresses tells nothing: 172.17.0.1 is everywhere.
  const telling = failures.find(({ error }) => error.code === 'VERSION');
  if (telling) return telling.error;
  const isEverywhere = failures.every(({ error }) => error.code === first.error.code);
  const isReached = !UNREACHABLE_CODES.has(first.error.code);
  if (failures.length === 1 || (isEverywhere && isReached)) return first.error;

  const tried = failures.map(({ address }) => address).join(', ');
  return new PeerError(
    'UNREACHABLE',
    `None of its addresses could be reached (${tried}): check that Ferry runs there and that both devices are on one network.`,
    { cause: new AggregateError(failures.map(({ error }) => error)) },
  );
}
