import { blockCountOf, EVENTS, parseBlocksAvailable, ProtocolError, type FileEntry } from '@ferry/protocol';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Listeners } from '../../peers/listeners';
import type { PeerSession } from '../../transport/peer-session';
import { PeerTransport } from '../../transport/peer-transport';
import { RemoteBlocks } from './remote-blocks';
import { ShareAccess } from './share-access';

/** A peer has more of a file of ours. */
export interface BlockNotice {
  readonly peerId: string;
  readonly entry: FileEntry;
  readonly fileId: string;
  /** What it is known to have of the file. */
  readonly bytes: number;
}

/** Listens to `blocks.available` and keeps what each session said. */
@Injectable()
export class BlockNotices implements OnModuleInit, OnModuleDestroy {
  private readonly listeners = new Listeners<[notice: BlockNotice]>(new Logger(BlockNotices.name));
  private readonly blocks = new WeakMap<PeerSession, RemoteBlocks>();
  private unsubscribe?: () => void;

  constructor(
    private readonly transport: PeerTransport,
    private readonly access: ShareAccess,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.transport.onEvent((session, { pattern, data }) => {
      if (pattern === EVENTS.blocksAvailable) this.take(session, data);
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  /** What the peer of this session has, as far as it told on it. */
  of(session: PeerSession): RemoteBlocks {
    const known = this.blocks.get(session) ?? new RemoteBlocks();
    this.blocks.set(session, known);
    return known;
  }

  /** Calls `listener` for files of this device that the peer may read. */
  onBlocks(listener: (notice: BlockNotice) => void): () => void {
    return this.listeners.add(listener);
  }

  private take(session: PeerSession, data: unknown): void {
    try {
      this.note(session, data);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      session.abort(error);
    }
  }

  /** @throws ProtocolError MALFORMED_MESSAGE; INVALID_RANGE beyond the end of a file that the peer may know of. */
  private note(session: PeerSession, data: unknown): void {
    const { fileId, ranges } = parseBlocksAvailable(data);
    const { peerId } = session;
    const entry = this.access.findReadable(peerId, fileId);
    const [first, count] = ranges.at(-1) ?? [0, 0];
    if (entry && first + count > blockCountOf(entry.size))
      throw new ProtocolError('INVALID_RANGE', `blocks ${first}+${count} are not in this file`);
    const remote = this.of(session);
    remote.note(fileId, ranges);
    if (entry) this.listeners.call({ peerId, entry, fileId, bytes: remote.bytesOf(fileId, entry.size) });
  }
}
