import {
  decodeControl,
  FrameType,
  MAX_CANCELS_PER_SECOND,
  MAX_EVENTS_PER_SECOND,
  MAX_PINGS_PER_SECOND,
  MAX_STRANGER_BYTES_PER_SECOND,
  MAX_STRANGER_REQUEST_BYTES,
  MAX_STRANGER_REQUESTS,
  parseEvent,
  parseGoodbye,
  parseRequest,
  PATTERNS,
  ProtocolError,
  type EventMessage,
  type FrameHeader,
  type RequestMessage,
} from '@ferry/protocol';
import { pingFrame } from './control-frame';
import { FloodGuard } from './flood-guard';
import type { FrameHandler } from './frame-router';
import type { IncomingCalls } from './incoming-calls';
import type { OutboundQueue } from './outbound-queue';
import type { OutgoingCall, OutgoingCalls } from './outgoing-calls';
import { PeerError } from './peer-error';
import type { Pings } from './pings';
import { remoteError } from './remote-error';

/** The parts of a session that frames are for. */
export interface SessionParts {
  readonly queue: OutboundQueue;
  readonly calls: OutgoingCalls;
  readonly incoming: IncomingCalls;
  readonly pings: Pings;
}

/** What the session itself does with messages. */
export interface SessionMessages {
  readonly isDialler: boolean;
  readonly isGreeted: boolean;
  readonly isOver: boolean;
  /** Whether the peer is not paired. */
  readonly isStranger: boolean;
  /** The peer's hello, and the stream to answer it on when the peer asked. */
  onHello(hello: unknown, stream?: number): void;
  onRequest(stream: number, request: RequestMessage): void;
  onEvent(event: EventMessage): void;
  /** The peer ended the session; without an error in good order. */
  onRemoteEnd(error?: PeerError): void;
}

/** The first of the dialler. */
const HELLO_STREAM = 1;

/** Frames that may come before the hellos, by who dialled. */
const BEFORE_HELLO: Readonly<Record<'dialler' | 'listener', readonly number[]>> = {
  dialler: [FrameType.RESPONSE, FrameType.ERROR, FrameType.GOODBYE],
  listener: [FrameType.REQUEST, FrameType.ERROR, FrameType.GOODBYE],
};

/** Judges each frame by the state of the session and hands it to the part that it is for. */
export class SessionFrames implements FrameHandler {
  private readonly guards = new Map<number, FloodGuard>([
    [FrameType.PING, new FloodGuard('PING frames', MAX_PINGS_PER_SECOND)],
    [FrameType.PONG, new FloodGuard('PONG frames', MAX_PINGS_PER_SECOND)],
    [FrameType.CANCEL, new FloodGuard('CANCEL frames', MAX_CANCELS_PER_SECOND)],
    [FrameType.EVENT, new FloodGuard('EVENT frames', MAX_EVENTS_PER_SECOND)],
  ]);
  private readonly strangerBytes = new FloodGuard('bytes of an unpaired device', MAX_STRANGER_BYTES_PER_SECOND);

  constructor(
    private readonly session: SessionMessages,
    private readonly parts: SessionParts,
  ) {}

  admit({ type, stream, length }: FrameHeader): void {
    if (this.session.isOver) throw new ProtocolError('UNEXPECTED_MESSAGE', 'the session is over');
    const side = this.session.isDialler ? 'dialler' : 'listener';
    if (!this.session.isGreeted && !BEFORE_HELLO[side].includes(type)) {
      throw new ProtocolError('UNEXPECTED_MESSAGE', `frame of type ${type} before hello`);
    }
    this.guards.get(type)?.admit();
    if (this.session.isGreeted && type !== FrameType.DATA && this.session.isStranger)
      this.admitOfStranger(type, length);
    if (type === FrameType.REQUEST) this.parts.incoming.open(stream);
  }

  receiving(stream: number, length: number): OutgoingCall {
    return this.parts.calls.receiving(stream, length);
  }

  control({ type, stream }: FrameHeader, payload: Uint8Array): void {
    switch (type) {
      case FrameType.REQUEST:
        return this.onRequest(stream, parseRequest(decodeControl(payload)));
      case FrameType.RESPONSE:
        return this.onResponse(stream, decodeControl(payload));
      case FrameType.ERROR:
        return this.onError(stream, decodeControl(payload));
      case FrameType.CANCEL:
        return this.parts.incoming.cancel(stream);
      case FrameType.PING:
        return this.parts.queue.pushControl(pingFrame(FrameType.PONG, payload));
      case FrameType.PONG:
        return this.parts.pings.answered(payload);
      case FrameType.EVENT:
        if (this.session.isStranger) return; // ignored, so not worth the reading
        return this.session.onEvent(parseEvent(decodeControl(payload)));
      case FrameType.GOODBYE:
        return this.onGoodbye(decodeControl(payload));
    }
  }

  /** Before pairing there is little to say. */
  private admitOfStranger(type: number, length: number): void {
    this.strangerBytes.admit(length);
    if (type !== FrameType.REQUEST) return;
    if (length > MAX_STRANGER_REQUEST_BYTES) {
      throw new ProtocolError('FRAME_TOO_LARGE', `request of ${length} bytes by an unpaired device`);
    }
    if (this.parts.incoming.size >= MAX_STRANGER_REQUESTS) {
      throw new ProtocolError('TOO_MANY_REQUESTS', `more than ${MAX_STRANGER_REQUESTS} requests of an unpaired device`);
    }
  }

  private onRequest(stream: number, request: RequestMessage): void {
    const isHello = request.pattern === PATTERNS.hello;
    if (isHello === this.session.isGreeted) {
      const when = isHello ? 'a second time' : 'before hello';
      throw new ProtocolError('UNEXPECTED_MESSAGE', `request ${request.pattern} ${when}`);
    }
    if (isHello && stream !== HELLO_STREAM) {
      throw new ProtocolError('UNEXPECTED_MESSAGE', `hello on stream ${stream}`);
    }
    if (isHello) this.session.onHello(request.data, stream);
    else this.session.onRequest(stream, request);
  }

  private onResponse(stream: number, value: unknown): void {
    // The first answer to the dialler is the listener's hello; later frames of this read need it.
    if (!this.session.isGreeted && this.parts.calls.answered(stream)) this.session.onHello(value);
    this.parts.calls.succeed(stream, value);
  }

  private onError(stream: number, value: unknown): void {
    if (stream === 0) this.session.onRemoteEnd(remoteError(value));
    else this.parts.calls.fail(stream, value);
  }

  private onGoodbye(value: unknown): void {
    const { code, message } = parseGoodbye(value);
    const text = `The other device closed the session: ${message}`;
    this.session.onRemoteEnd(code === 0 ? undefined : new PeerError('SESSION_CLOSED', text));
  }
}
