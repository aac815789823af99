import { isIPv6 } from 'node:net';
import { MAX_UNGREETED, MAX_UNGREETED_PER_ADDRESS } from '@ferry/protocol';

/** Bounds the connections that have not said hello: in all, and from one address. */
export class Admission {
  private readonly counts = new Map<string, number>();
  private total = 0;

  get size(): number {
    return this.total;
  }

  /** @returns ends the count for this connection; `undefined` when there are too many. */
  enter(remoteAddress: string): (() => void) | undefined {
    const source = sourceOf(remoteAddress);
    const count = this.counts.get(source) ?? 0;
    if (this.total >= MAX_UNGREETED || count >= MAX_UNGREETED_PER_ADDRESS) return undefined;
    this.total += 1;
    this.counts.set(source, count + 1);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.leave(source);
    };
  }

  private leave(source: string): void {
    const left = (this.counts.get(source) ?? 1) - 1;
    this.total -= 1;
    if (left > 0) this.counts.set(source, left);
    else this.counts.delete(source);
  }
}

/** What counts as one address: IPv4, also when mapped into IPv6, or the /64 that one IPv6 host owns. */
export function sourceOf(remoteAddress: string): string {
  const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
