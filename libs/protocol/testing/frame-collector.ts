import type { FrameHeader } from '../src/framing/frame';
import { FrameDecoder, type FrameSink } from '../src/framing/frame-decoder';
import { concat } from './bytes';

export interface Frame {
  readonly header: FrameHeader;
  readonly payload: Uint8Array;
}

/** Keeps whole frames, as a session would that had no limits. */
export class FrameCollector implements FrameSink {
  readonly frames: Frame[] = [];
  private header: FrameHeader | undefined;
  private parts: Uint8Array[] = [];

  begin(header: FrameHeader): void {
    this.header = header;
  }

  bytes(part: Uint8Array): void {
    this.parts.push(part.slice());
  }

  end(): void {
    if (!this.header) throw new Error('end without begin');
    this.frames.push({ header: this.header, payload: concat(...this.parts) });
    this.header = undefined;
    this.parts = [];
  }
}

/** The frames of `input` fed part by part. */
export function collectFrames(parts: readonly Uint8Array[]): readonly Frame[] {
  const collector = new FrameCollector();
  const decoder = new FrameDecoder(collector);
  for (const part of parts) decoder.push(part);
  return collector.frames;
}
