import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

const RECORD_HEADER_BYTES = 5;

/** Gets each TLS record that our side writes, with its number and what is below; what it returns goes on the wire instead. */
export type TapRecord = (record: Buffer, index: number, tcp: Socket) => Uint8Array | readonly Uint8Array[];

/** A TCP connection under TLS that shows, changes, adds and drops the records of our side. RFC 8446 section 5.1. */
export class RecordTap extends Duplex {
  private rest: Buffer = Buffer.alloc(0);
  private written = 0;

  constructor(
    readonly tcp: Socket,
    private readonly tap: TapRecord,
  ) {
    super({ allowHalfOpen: true });
    tcp.on('data', (bytes: Buffer) => this.push(bytes));
    tcp.on('end', () => this.push(null));
    tcp.on('close', () => this.destroy());
    tcp.on('error', () => this.destroy());
  }

  override _read(): void {
    // what comes is pushed as it comes
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    for (let record = this.shift(); record; record = this.shift()) {
      for (const part of [this.tap(record, this.written++, this.tcp)].flat()) this.tcp.write(part);
    }
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.tcp.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.tcp.destroy();
    done(error);
  }

  private shift(): Buffer | undefined {
    if (this.rest.length < RECORD_HEADER_BYTES) return undefined;
    const end = RECORD_HEADER_BYTES + this.rest.readUInt16BE(3);
    if (this.rest.length < end) return undefined;
    const record = this.rest.subarray(0, end);
    this.rest = this.rest.subarray(end);
    return record;
  }
}
