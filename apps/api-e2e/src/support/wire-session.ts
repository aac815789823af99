import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import {
  decodeControl,
  encodeControl,
  encodeFrame,
  type ErrorMessage,
  errorMessageOf,
  FLAG_END,
  FrameDecoder,
  type FrameHeader,
  FrameType,
  parseAddress,
  parseErrorMessage,
  parseRequest,
  PATTERNS,
  ProtocolError,
  type RequestMessage,
} from '@ferry/protocol';
import { withDeadline } from '@ferry/test-nodes';
import { deviceIdOf, type TestIdentity } from './test-identity';

const REPLY_TIMEOUT_MS = 10_000;

/** The last frame of an answer. */
export type Reply =
  { readonly isError: false; readonly value: unknown } | { readonly isError: true; readonly error: ErrorMessage };

/** Answers one request of the other side; what it returns is the RESPONSE, a ProtocolError is the ERROR. */
export type RequestHandler = (request: RequestMessage, sendData: (payload: Uint8Array) => void) => unknown;

/** A dialled `ferry/1` session of a test peer: frames and TLS, and nothing that the node's own code does. */
export class WireSession {
  onRequest: RequestHandler = ({ pattern }) => {
    throw new ProtocolError('UNKNOWN_PATTERN', `no ${pattern} here`);
  };
  /** Resolves when the other side has ended the session. */
  readonly ended: Promise<unknown>;
  private nextStream = 1;
  private readonly replies = new Map<number, (reply: Reply) => void>();
  private header?: FrameHeader;
  private parts: Uint8Array[] = [];

  private constructor(private readonly socket: TLSSocket) {
    this.ended = once(socket, 'close');
    const decoder = new FrameDecoder({
      begin: (header) => (this.header = header),
      bytes: (part) => this.parts.push(part.slice()),
      end: () => this.take(this.header as FrameHeader, Buffer.concat(this.parts.splice(0))),
    });
    socket.on('data', (bytes: Buffer) => decoder.push(bytes));
    socket.on('error', () => socket.destroy());
  }

  /** Connects; no HELLO yet. */
  static async dial(address: string, { keyPem, certificatePem }: TestIdentity): Promise<WireSession> {
    const socket = connect({
      ...parseAddress(address),
      key: keyPem,
      cert: certificatePem,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['ferry/1'],
      rejectUnauthorized: false,
    });
    await withDeadline(once(socket, 'secureConnect'), REPLY_TIMEOUT_MS, `TLS with ${address}`);
    return new WireSession(socket);
  }

  /** Who answered, by its key. */
  get peerId(): string {
    const certificate = this.socket.getPeerX509Certificate();
    if (!certificate) throw new Error('the node showed no certificate');
    return deviceIdOf(certificate);
  }

  hello(name: string): Promise<Reply> {
    return this.request(PATTERNS.hello, { protocol: 1, name, features: [] });
  }

  request(pattern: string, data: unknown): Promise<Reply> {
    const stream = this.ask(pattern, data);
    const reply = new Promise<Reply>((resolve) => this.replies.set(stream, resolve));
    return withDeadline(reply, REPLY_TIMEOUT_MS, `the answer to ${pattern}`);
  }

  /** Sends a request whose answer nobody waits for. @returns its stream. */
  ask(pattern: string, data: unknown): number {
    const stream = this.nextStream;
    this.nextStream += 2;
    this.send(FrameType.REQUEST, stream, encodeControl({ pattern, data }));
    return stream;
  }

  /** Sends an event. */
  notify(pattern: string, data: unknown): void {
    this.send(FrameType.EVENT, 0, encodeControl({ pattern, data }));
  }

  close(): void {
    this.socket.destroy();
  }

  private send(type: number, stream: number, payload: Uint8Array, flags = 0): void {
    if (!this.socket.destroyed) this.socket.write(encodeFrame({ type, flags, stream }, payload));
  }

  private take({ type, stream }: FrameHeader, payload: Uint8Array): void {
    if (type === FrameType.PING) this.send(FrameType.PONG, 0, payload);
    if (type === FrameType.REQUEST) this.answer(stream, parseRequest(decodeControl(payload)));
    if (type === FrameType.RESPONSE) this.settle(stream, { isError: false, value: decodeControl(payload) });
    if (type === FrameType.ERROR) {
      this.settle(stream, { isError: true, error: parseErrorMessage(decodeControl(payload)) });
    }
  }

  private settle(stream: number, reply: Reply): void {
    this.replies.get(stream)?.(reply);
    this.replies.delete(stream);
  }

  private answer(stream: number, request: RequestMessage): void {
    try {
      const value = this.onRequest(request, (payload) => this.send(FrameType.DATA, stream, payload));
      this.send(FrameType.RESPONSE, stream, encodeControl(value), FLAG_END);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.send(FrameType.ERROR, stream, encodeControl(errorMessageOf(error)), FLAG_END);
    }
  }
}
