import { duplexPair, type Duplex } from 'node:stream';
import { DEFAULT_DEADLINES, PROTOCOL_VERSION, type RequestMessage } from '@ferry/protocol';
import { FramePool } from '../../frame-pool';

import { PeerSession } from '../../peer-session';
import type { SessionHost } from '../../session-host';

/** One direction between two streams; what comes while it is held is kept and delivered in order later. */
class Wire {
  readonly bytes: Uint8Array[] = [];
  private held: Uint8Array[] | undefined;

  constructor(
    from: Duplex,
    private readonly to: Duplex,
  ) {
    from.on('data', (chunk: Uint8Array) => this.pass(chunk));
    from.on('end', () => to.end());
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
  }

  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const kept = this.held ?? [];
    this.held = undefined;
    for (const chunk of kept) this.pass(chunk);
  }

  private pass(chunk: Uint8Array): void {
    if (this.held) this.held.push(chunk);
    else if (!this.to.destroyed) {
      this.bytes.push(chunk);
      this.to.write(chunk);
    }
  }
}

/** What the owner of a session decides, and what it was told. */
export class MemoryHost implements SessionHost {
  readonly deadlines = { ...DEFAULT_DEADLINES, closeMs: 100 };
  readonly pool = new FramePool();
  readonly events: unknown[] = [];
  /** Faults of our own code: there must be none that a test did not provoke. */
  readonly faults: unknown[] = [];
  isTrusting = true;

  constructor(
    private readonly name: string,
    readonly answer: (session: PeerSession, request: RequestMessage, signal: AbortSignal) => Promise<unknown>,
  ) {}

  hello = () => ({ protocol: PROTOCOL_VERSION, name: this.name, features: [] }) as const;
  trusts = (): boolean => this.isTrusting;
  admit = (): void => undefined;
  greeted = (): void => undefined;
  broken = (): void => undefined;
  event = (_session: PeerSession, event: unknown): void => void this.events.push(event);
  report = (_session: PeerSession, _what: string, error: unknown): void => void this.faults.push(error);
}

const DIALLER_ID = 'A'.repeat(56);
const LISTENER_ID = 'B'.repeat(56);

/** The end of a stream that a listening session sits on, and the end that a test writes to. */
export function listenInMemory(host: SessionHost): { session: PeerSession; stream: Duplex } {
  const [near, far] = duplexPair();
  far.on('error', () => undefined);
  return { session: new PeerSession(near, originOf(DIALLER_ID, false), host), stream: far };
}

/** Two sessions over streams in memory: everything above TLS is real, and fast enough for thousands of runs. */
export class MemoryLink {
  private constructor(
    readonly dialler: PeerSession,
    readonly listener: PeerSession,
    /** From the dialler to the listener. */
    readonly there: Wire,
    readonly back: Wire,
    private readonly streams: readonly Duplex[],
  ) {}

  static async open(dialling: SessionHost, listening: SessionHost): Promise<MemoryLink> {
    const [nearA, farA] = duplexPair();
    const [nearB, farB] = duplexPair();
    const link = new MemoryLink(
      new PeerSession(nearA, originOf(LISTENER_ID, true), dialling),
      new PeerSession(nearB, originOf(DIALLER_ID, false), listening),
      new Wire(farA, farB),
      new Wire(farB, farA),
      [farA, farB],
    );
    await link.dialler.greet();
    return link;
  }

  /** Puts raw bytes on the way to one side. */
  inject(to: 'dialler' | 'listener', bytes: Uint8Array): void {
    this.streams[to === 'dialler' ? 0 : 1]?.write(bytes);
  }

  async close(): Promise<void> {
    this.dialler.close();
    this.listener.close();
    await Promise.all([this.dialler.gone, this.listener.gone]);
  }
}

function originOf(peerId: string, isDialler: boolean): { peerId: string; isDialler: boolean; remoteAddress: string } {
  return { peerId, isDialler, remoteAddress: '127.0.0.1:1' };
}
