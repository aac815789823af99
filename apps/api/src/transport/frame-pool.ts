import { HEADER_BYTES, MAX_DATA_BYTES } from '@ferry/protocol';
import { MAX_POOLED_BYTES, USUAL_FRAME_BYTES } from './limits';

const KIB = 1024;

/** Capacities on offer; a frame takes the smallest that holds it. */
const CAPACITIES = [4 * KIB, 32 * KIB, USUAL_FRAME_BYTES, HEADER_BYTES + MAX_DATA_BYTES];

/** Memory that a frame of `frameBytes` (header and payload) takes. */
export function capacityFor(frameBytes: number): number {
  const capacity = CAPACITIES.find((candidate) => candidate >= frameBytes);
  if (capacity === undefined) throw new RangeError(`A DATA frame of ${frameBytes} bytes is over the limit`);
  return capacity;
}

/** Buffers of DATA frames, reused from frame to frame. */
export class FramePool {
  private readonly idle = new Map<number, Buffer[]>(CAPACITIES.map((capacity) => [capacity, []]));
  private idleBytes = 0;

  /** @param capacity a result of `capacityFor`. The content is arbitrary. */
  take(capacity: number): Buffer {
    const buffer = this.idle.get(capacity)?.pop();
    if (!buffer) return Buffer.allocUnsafeSlow(capacity);
    this.idleBytes -= capacity;
    return buffer;
  }

  give(buffer: Buffer): void {
    if (this.idleBytes + buffer.length > MAX_POOLED_BYTES) return;
    this.idleBytes += buffer.length;
    this.idle.get(buffer.length)?.push(buffer);
  }
}
