import { DATA_PREFIX_BYTES, ProtocolError, type RequestMessage } from '@ferry/protocol';
import { DataAnswer } from '../../data-answer';
import type { PeerSession } from '../../peer-session';

/** DATA bytes of one frame of `test.content`. */
export const CONTENT_BYTES = 64;

/** What one side answers: a handler for each kind of answer that the protocol knows. */
export class TestHandlers {
  /** Requests that wait until they are released, oldest first. */
  readonly waiting: ((value: unknown) => void)[] = [];

  readonly answer = async (
    _session: PeerSession,
    { pattern, data }: RequestMessage,
    signal: AbortSignal,
  ): Promise<unknown> => {
    switch (pattern) {
      case 'test.echo':
        return data;
      case 'test.refuse':
        throw new ProtocolError('UNKNOWN_FILE', 'no such file');
      case 'test.fault':
        throw new Error('a secret of this device');
      case 'test.content':
        return contentOf(Number(data));
      case 'test.wait':
        return this.wait(signal);
      default:
        throw new ProtocolError('UNKNOWN_PATTERN', `no request is called ${pattern}`);
    }
  };

  private wait(signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.push(resolve);
      signal.addEventListener('abort', () => {
        const place = this.waiting.indexOf(resolve);
        if (place >= 0) this.waiting.splice(place, 1);
        reject(signal.reason);
      });
    });
  }
}

function contentOf(frames: number): DataAnswer {
  return new DataAnswer(async (writer) => {
    for (let index = 0; index < frames; index++) {
      const frame = await writer.frame(DATA_PREFIX_BYTES + CONTENT_BYTES);
      frame.payload.fill(index);
      writer.send(frame);
    }
    return { frames };
  });
}
