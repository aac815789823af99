import { isIPv6 } from 'node:net';
import { MAX_UNGREETED, MAX_UNGREETED_PER_ADDRESS } from '@ferry/protocol';
import { STALE_UNGREETED_MS } from './limits';

/** A connection that has not said hello. */
interface Entry {
  readonly since: number;
  readonly drop: () => void;
}

/**
 * Bounds the connections that have not said hello: in all, and from one address. When there are too many in all, who comes
 * from an address with fewer of them takes the place of the oldest one from the address with most: so neither a
 * few addresses that stall nor very many can keep an honest device out.
 */
export class Admission {
  /** The entries of each address, oldest first. */
  private readonly bySource = new Map<string, Entry[]>();
  private total = 0;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  get size(): number {
    return this.total;
  }

  /**
   * @param drop closes the connection, when its place goes to another.
   * @returns ends the count for this connection; `undefined` when there are too many.
   */
  enter(remoteAddress: string, drop: () => void): (() => void) | undefined {
    const source = sourceOf(remoteAddress);
    const own = this.bySource.get(source) ?? [];
    if (own.length >= MAX_UNGREETED_PER_ADDRESS && !this.hasStale(own)) return undefined;
    if (own.length >= MAX_UNGREETED_PER_ADDRESS) this.evictOldest(source);
    if (this.total >= MAX_UNGREETED) {
      const crowd = this.mostCrowded();
      if (this.countOf(crowd) <= this.countOf(source)) return undefined;
      this.evictOldest(crowd);
    }
    const entry = { since: this.now(), drop };
    this.bySource.set(source, [...(this.bySource.get(source) ?? []), entry]);
    this.total += 1;
    return () => this.leave(source, entry);
  }

  /** An honest hello takes less time than the oldest of these had: it may go for the sake of others at its address. */
  private hasStale([oldest]: readonly Entry[]): boolean {
    return oldest !== undefined && this.now() - oldest.since >= STALE_UNGREETED_MS;
  }

  /** Of several such addresses that with the oldest entry. */
  private mostCrowded(): string {
    const sources = [...this.bySource].toSorted(
      ([, one], [, other]) => other.length - one.length || (one[0]?.since ?? 0) - (other[0]?.since ?? 0),
    );
    return sources[0]?.[0] ?? '';
  }

  private countOf(source: string): number {
    return this.bySource.get(source)?.length ?? 0;
  }

  private evictOldest(source: string): void {
    const oldest = this.bySource.get(source)?.[0];
    if (!oldest) return;
    this.leave(source, oldest);
    oldest.drop();
  }

  private leave(source: string, entry: Entry): void {
    const entries = this.bySource.get(source) ?? [];
    const left = entries.filter((other) => other !== entry);
    this.total -= entries.length - left.length; // leaving twice counts once
    if (left.length > 0) this.bySource.set(source, left);
    else this.bySource.delete(source);
  }
}

/**
 * What counts as one address: IPv4, also when mapped into IPv6, or the /64 that one IPv6 host owns. Link-local
 * addresses all share one prefix, on every network: each of them counts alone, with its zone.
 */
export function sourceOf(remoteAddress: string): string {
  if (/^fe[89ab]/i.test(remoteAddress)) return remoteAddress.toLowerCase();
  const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
