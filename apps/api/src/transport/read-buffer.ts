/** Hands bytes on as they come; the array is valid during the call only. */
export type ByteListener = (bytes: Uint8Array) => void;

/** Most that one read of a TLS socket brings: a record. */
const RECORD_BYTES = 16 * 1024;

/**
 * The `onread` option of an outbound socket: all reads go into one buffer. A new Buffer for
 * each read would cost a third more CPU at full speed, mostly for collecting garbage.
 */
export class ReadBuffer {
  readonly buffer = Buffer.allocUnsafeSlow(RECORD_BYTES);
  private listener?: ByteListener;

  /** Called by the socket. Without a listener reading stops: nobody speaks before our hello. */
  readonly callback = (length: number): boolean => {
    if (!this.listener) return false;
    this.listener(length === RECORD_BYTES ? this.buffer : this.buffer.subarray(0, length));
    return true;
  };

  /** @param listener must not throw: there is nobody to catch it. */
  readonly listen = (listener: ByteListener): void => {
    this.listener = listener;
  };
}
