/** A pooled buffer for one DATA frame. It belongs to the handler from `frame()` to `send()`. */
export interface OutgoingFrame {
  /** To be filled wholly: 8 bytes of prefix, then the bytes. */
  readonly payload: Uint8Array;
}

/** Where a handler writes its DATA frames. */
export interface DataWriter {
  /**
   * Waits for room and for this stream's turn among the streams of the session.
   * @param payloadBytes prefix and bytes, at most MAX_DATA_BYTES.
   * @throws AbortError when the request was cancelled or the session ended.
   */
  frame(payloadBytes: number): Promise<OutgoingFrame>;
  /** Queues a filled frame; it must not be touched afterwards. Frames go out in the order of the calls. */
  send(frame: OutgoingFrame): void;
}

/** What a `@MessagePattern` handler returns to answer with DATA frames. */
export class DataAnswer {
  /**
   * @param run writes the frames; what it resolves with is the RESPONSE after the last of them.
   * @param contentBytes what the frames hold beside their prefixes. It counts against the session's window until it is sent;
   * a request that does not fit ends the session.
   */
  constructor(
    readonly run: (writer: DataWriter, signal: AbortSignal) => Promise<unknown>,
    readonly contentBytes = 0,
  ) {}
}

/** Takes the DATA frames of one request, as their bytes come from the socket. */
export interface DataReceiver {
  /**
   * @param prefix the 8 bytes before the data; valid during the call only.
   * @param dataBytes bytes that follow the prefix.
   * @throws ProtocolError when the frame is not welcome: the session ends.
   */
  begin(prefix: Uint8Array, dataBytes: number): void;
  /** @param part a view into the socket's buffer: copy what is kept. */
  bytes(part: Uint8Array): void;
  end(): void;
}
