import { createHash } from 'node:crypto';
import { DATA_PREFIX_BYTES } from '@ferry/protocol';
import { DataAnswer, type DataReceiver, type DataWriter } from '../data-answer';
import { DATA_FRAME_BYTES } from '../limits';

/** Frame `index` of the test content: every byte depends on the index, so that a mix-up shows. */
function fill(payload: Uint8Array, index: number): void {
  new DataView(payload.buffer, payload.byteOffset).setUint32(0, index);
  payload.fill(index % 251, DATA_PREFIX_BYTES);
}

/** An answer of `frames` DATA frames, then how many they were. */
export function contentAnswer(frames: number): DataAnswer {
  return new DataAnswer(async (writer) => {
    await writeContent(writer, frames);
    return { frames };
  });
}

export async function writeContent(writer: DataWriter, frames: number): Promise<void> {
  for (let index = 0; index < frames; index++) {
    const frame = await writer.frame(DATA_PREFIX_BYTES + DATA_FRAME_BYTES);
    fill(frame.payload, index);
    writer.send(frame);
  }
}

/** SHA-256 of the content that `contentAnswer(frames)` sends. */
export function contentHash(frames: number): string {
  const hash = createHash('sha256');
  const payload = new Uint8Array(DATA_PREFIX_BYTES + DATA_FRAME_BYTES);
  for (let index = 0; index < frames; index++) {
    fill(payload, index);
    hash.update(payload.subarray(DATA_PREFIX_BYTES));
  }
  return hash.digest('hex');
}

/** Hashes what it receives and checks that the prefixes come in order. */
export class HashingReceiver implements DataReceiver {
  bytesReceived = 0;
  framesReceived = 0;
  private readonly hash = createHash('sha256');
  private expected = 0;

  begin(prefix: Uint8Array, dataBytes: number): void {
    const index = new DataView(prefix.buffer, prefix.byteOffset).getUint32(0);
    if (index !== this.framesReceived) throw new Error(`frame ${index} came in place of ${this.framesReceived}`);
    this.expected += dataBytes;
  }

  bytes(part: Uint8Array): void {
    this.hash.update(part);
    this.bytesReceived += part.length;
  }

  end(): void {
    if (this.bytesReceived !== this.expected) throw new Error('a frame is not whole');
    this.framesReceived += 1;
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}
