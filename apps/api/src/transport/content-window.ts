import { MAX_OUTSTANDING_BYTES, ProtocolError } from '@ferry/protocol';

/** Content that a peer has asked for in one session and that is not on its way yet. */
export class ContentWindow {
  private asked = 0;

  /** @throws ProtocolError TOO_MANY_REQUESTS when a requester that counts what it receives could not ask for so much. */
  take(bytes: number): void {
    if (this.asked + bytes > MAX_OUTSTANDING_BYTES) {
      throw new ProtocolError('TOO_MANY_REQUESTS', `more than ${MAX_OUTSTANDING_BYTES} bytes of content asked for`);
    }
    this.asked += bytes;
  }

  give(bytes: number): void {
    this.asked -= bytes;
  }
}
