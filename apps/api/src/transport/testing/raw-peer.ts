import { once } from 'node:events';
import type { TcpNetConnectOpts } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { decodeControl, encodeControl, encodeFrame, FrameDecoder, FrameType, type FrameHeader } from '@ferry/protocol';
import { clientOptions } from '../tls-options';
import { newIdentity, type TestDevice } from './test-device';

/** As for `tls.connect`, which passes on what `net.connect` takes. */
export type RawPeerOptions = ConnectionOptions & Pick<TcpNetConnectOpts, 'localAddress'>;

export interface ReceivedFrame {
  readonly header: FrameHeader;
  readonly payload: Uint8Array;
}

/** A peer that writes whatever bytes a test wants, over real TLS. */
export class RawPeer {
  readonly frames: ReceivedFrame[] = [];
  /** Resolves when the other side is gone. */
  readonly closed: Promise<void>;

  private constructor(readonly socket: TLSSocket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined); // a reset is an expected end
    const parts: Uint8Array[] = [];
    let header: FrameHeader;
    const decoder = new FrameDecoder({
      begin: (begun) => (header = begun),
      bytes: (part) => parts.push(part.slice()),
      end: () => this.frames.push({ header, payload: Buffer.concat(parts.splice(0)) }),
    });
    socket.on('data', (chunk: Uint8Array) => decoder.push(chunk));
  }

  /** Connects with a key of its own; `options` go over what a proper peer uses. */
  static async connect(device: TestDevice, options: RawPeerOptions = {}): Promise<RawPeer> {
    const socket = connect({
      ...clientOptions(await newIdentity()),
      host: '127.0.0.1',
      port: device.transport.port,
      ...options,
    });
    const peer = new RawPeer(socket);
    await once(socket, 'secureConnect');
    return peer;
  }

  /** As `connect`, with the hellos done. */
  static async greet(device: TestDevice): Promise<RawPeer> {
    const peer = await RawPeer.connect(device);
    peer.send(helloFrame());
    await peer.frameCount(1);
    return peer;
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Resolves when so many frames have come in all. */
  async frameCount(count: number): Promise<void> {
    while (this.frames.length < count) await once(this.socket, 'data');
  }

  /** The JSON of the last frame. */
  lastMessage(): { type: number; stream: number; value: unknown } | undefined {
    const frame = this.frames.at(-1);
    return frame && { type: frame.header.type, stream: frame.header.stream, value: decodeControl(frame.payload) };
  }
}

export function requestBytes(stream: number, pattern: string, data: unknown = null): Uint8Array {
  return encodeFrame({ type: FrameType.REQUEST, flags: 0, stream }, encodeControl({ pattern, data }));
}

export function helloFrame(hello: object = { protocol: 1, name: 'raw', features: [] }): Uint8Array {
  return requestBytes(1, 'hello', hello);
}

/** A header without any judgement; the payload follows it. */
export function rawFrame(
  header: { length?: number; type: number; flags?: number; reserved?: number; stream?: number },
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const bytes = Buffer.alloc(12 + payload.length);
  bytes.writeUInt32BE(header.length ?? payload.length, 0);
  bytes.writeUInt8(header.type, 4);
  bytes.writeUInt8(header.flags ?? 0, 5);
  bytes.writeUInt16BE(header.reserved ?? 0, 6);
  bytes.writeUInt32BE(header.stream ?? 0, 8);
  bytes.set(payload, 12);
  return bytes;
}
