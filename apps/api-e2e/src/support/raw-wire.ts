import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { decodeControl, FrameDecoder, FrameType, type FrameHeader, parseRequest, PATTERNS } from '@ferry/protocol';
import { withDeadline } from '@ferry/test-nodes';
import { errorFrame, helloOf, rawFrame, requestFrame, responseFrame } from './raw-frame';

const WAIT_MS = 15_000;

export interface ReceivedFrame {
  readonly header: FrameHeader;
  readonly payload: Uint8Array;
}

/** Answers one request of the node on `stream`: with any bytes, or none. */
export type Answer = (wire: RawWire, stream: number, data: unknown) => void;

/** What a proper device with an empty share answers. */
const PROPER: readonly (readonly [pattern: string, answer: Answer])[] = [
  [PATTERNS.hello, (wire, stream) => wire.send(responseFrame(stream, helloOf()))],
  [PATTERNS.pairClaim, (wire, stream) => wire.send(responseFrame(stream, { name: 'attacker' }))],
  [PATTERNS.filesList, (wire, stream) => wire.send(responseFrame(stream, { entries: [], nextCursor: null, total: 0 }))],
];

/**
 * One end of a `ferry/1` connection that writes any bytes and keeps all that comes. As long as a test does not say
 * otherwise, it answers PING and requests as a proper device would, so that only the attack differs.
 */
export class RawWire {
  readonly frames: ReceivedFrame[] = [];
  /** How requests are answered, by pattern; others get UNKNOWN_PATTERN. */
  readonly answers: Map<string, Answer> = new Map(PROPER);
  answersPings = true;
  /** Bytes that came inside TLS. */
  bytesIn = 0;
  /** What came could not be read as frames; a fault of the node. */
  fault?: unknown;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  private readonly arrivals = new EventEmitter();
  private nextStream: number;

  /** @param side who dialled: the number of a request depends on it. */
  constructor(
    readonly tls: TLSSocket,
    readonly side: 'dialler' | 'listener',
    readonly tcp: Socket = tls,
  ) {
    this.nextStream = side === 'dialler' ? 1 : 2;
    this.closed = new Promise((resolve) => tls.once('close', () => resolve()));
    tls.on('error', () => undefined); // a reset is an expected end
    tls.on('close', () => this.arrivals.emit('change'));
    let header: FrameHeader;
    const parts: Uint8Array[] = [];
    const decoder = new FrameDecoder({
      begin: (begun) => (header = begun),
      bytes: (part) => parts.push(part.slice()),
      end: () => this.take({ header, payload: Buffer.concat(parts.splice(0)) }),
    });
    tls.on('data', (bytes: Buffer) => {
      this.bytesIn += bytes.length;
      if (this.fault !== undefined) return;
      try {
        decoder.push(bytes);
      } catch (error) {
        this.fault = error;
      }
    });
  }

  get isClosed(): boolean {
    return this.tls.destroyed;
  }

  /** Writes, if the connection is still there. */
  send(...parts: readonly Uint8Array[]): void {
    for (const part of parts) if (!this.tls.destroyed && this.tls.writable) this.tls.write(part);
  }

  /** From now on answers these patterns like this. */
  answerWith(answers: Readonly<Record<string, Answer>>): void {
    for (const [pattern, answer] of Object.entries(answers)) this.answers.set(pattern, answer);
  }

  /** A stream that this side may open next. */
  newStream(): number {
    const stream = this.nextStream;
    this.nextStream += 2;
    return stream;
  }

  /** Sends a request and resolves with the last frame of its answer. */
  async ask(pattern: string, data: unknown = {}, timeoutMs = WAIT_MS): Promise<ReceivedFrame> {
    const stream = this.newStream();
    this.send(requestFrame(stream, pattern, data));
    return this.answerOn(stream, timeoutMs);
  }

  /** The RESPONSE or ERROR on a stream, come or to come. */
  answerOn(stream: number, timeoutMs = WAIT_MS): Promise<ReceivedFrame> {
    const isAnswer = ({ type }: FrameHeader) => type === FrameType.RESPONSE || type === FrameType.ERROR;
    return this.frame(
      ({ header }) => header.stream === stream && isAnswer(header),
      `the answer on ${stream}`,
      timeoutMs,
    );
  }

  /** The first frame that is as wanted, come or to come. @throws Error when the connection ends before. */
  async frame(isWanted: (frame: ReceivedFrame) => boolean, what: string, timeoutMs = WAIT_MS): Promise<ReceivedFrame> {
    const endsAt = Date.now() + timeoutMs;
    for (;;) {
      const found = this.frames.find(isWanted);
      if (found) return found;
      if (this.isClosed) throw new Error(`the connection ended before ${what}; came: ${this.story()}`);
      await withDeadline(once(this.arrivals, 'change'), Math.max(1, endsAt - Date.now()), what);
    }
  }

  /** Says hello as the dialler; resolves with the node's answer. */
  hello(hello: object = {}): Promise<ReceivedFrame> {
    return this.ask(PATTERNS.hello, helloOf(hello));
  }

  /** The frames that came, for messages of failed tests. */
  story(): string {
    return this.frames.map(({ header, payload }) => `${header.type}/${header.stream}: ${textOf(payload)}`).join(' | ');
  }

  close(): void {
    this.tls.destroy();
    this.tcp.destroy();
  }

  private take(frame: ReceivedFrame): void {
    this.frames.push(frame);
    const { type, stream } = frame.header;
    if (type === FrameType.PING && this.answersPings) this.send(rawFrame({ type: FrameType.PONG }, frame.payload));
    if (type === FrameType.REQUEST) this.answer(stream, frame.payload);
    this.arrivals.emit('change');
  }

  private answer(stream: number, payload: Uint8Array): void {
    const { pattern, data } = parseRequest(decodeControl(payload));
    const answer = this.answers.get(pattern);
    if (answer) answer(this, stream, data);
    else this.send(errorFrame(stream, 6, 'UNKNOWN_PATTERN', `no ${pattern} here`));
  }
}

/** The JSON of a control frame. */
export function messageOf({ payload }: ReceivedFrame): unknown {
  return decodeControl(payload);
}

function textOf(payload: Uint8Array): string {
  return Buffer.from(payload.subarray(0, 200)).toString('latin1');
}
