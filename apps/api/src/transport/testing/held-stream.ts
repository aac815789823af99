import { Duplex } from 'node:stream';
import { decodeHeader, type FrameHeader } from '@ferry/protocol';

/** A connection whose writes end when the test says so, as over a line that is full. */
export class HeldStream extends Duplex {
  /** Of the first frame of each write. */
  readonly headers: FrameHeader[] = [];
  private finishWrite?: () => void;

  override _read(): void {
    // bytes come by `hear`
  }

  override _write(bytes: Uint8Array, _encoding: string, done: () => void): void {
    this.headers.push(decodeHeader(bytes)); // the buffer is used again
    this.finishWrite = done;
  }

  /** Brings bytes of the peer, and resolves when they had their effect. */
  async hear(bytes: Uint8Array): Promise<void> {
    this.push(bytes);
    await turn();
    await turn();
  }

  /** Lets the line take the write under way, and resolves when the sender had time to begin the next. */
  async takeWrite(): Promise<void> {
    const finish = this.finishWrite;
    this.finishWrite = undefined;
    finish?.();
    await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
