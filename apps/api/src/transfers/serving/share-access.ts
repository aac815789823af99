import { FileStore } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PeersService } from '../../peers/peers.service';

/** Decides, request by request, what of this device's files a peer may read. */
@Injectable()
export class ShareAccess implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(ShareAccess.name);
  /** By peer: the entries of its open grants, and how many grants hold each. */
  private readonly granted = new Map<string, Map<string, number>>();
  private unsubscribe?: () => void;

  constructor(
    private readonly store: FileStore,
    private readonly peers: PeersService,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.peers.news.onRemoved((id) => this.forget(id));
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  /** Whether the peer may see the share at all. */
  seesShare(peerId: string): boolean {
    return this.peers.permissionsOf(peerId).seeMyFiles;
  }

  /** Whether the peer may read the entry: it may see our files and this one, or was granted it. */
  mayRead(peerId: string, entry: FileEntry): boolean {
    if (this.granted.get(peerId)?.has(entry.id)) return !this.peers.permissionsOf(peerId).blocked;
    return isShownTo(peerId, entry) && this.seesShare(peerId);
  }

  /** Any entry with this content that the peer may read. */
  findReadable(peerId: string, fileId: string): FileEntry | undefined {
    const { entries } = this.store;
    const shown = this.seesShare(peerId) ? entries.findByFileId(fileId, 'all', peerId) : undefined;
    if (shown || this.peers.permissionsOf(peerId).blocked) return shown;
    const granted = this.granted.get(peerId);
    const id = granted && entries.idsByFileId(fileId).find((each) => granted.has(each));
    return id === undefined ? undefined : entries.get(id);
  }

  /**
   * Makes entries readable to one peer whatever their visibility, until it is taken back or the node stops.
   * @returns takes this grant back; other grants of the same entries stay.
   */
  grant(peerId: string, entryIds: Iterable<string>): () => void {
    const ids = new Set(entryIds);
    const counts = this.granted.get(peerId) ?? new Map<string, number>();
    this.granted.set(peerId, counts);
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
    return () => {
      for (const id of ids) release(counts, id);
      ids.clear(); // a second call takes nothing back
      if (counts.size === 0 && this.granted.get(peerId) === counts) this.granted.delete(peerId);
    };
  }

  /** Should it be paired again one day, it sees nothing that was meant for it before. */
  private forget(peerId: string): void {
    this.granted.delete(peerId);
    this.store.entries.forgetViewer(peerId).catch((error: unknown) => this.logger.error(error));
  }
}

function isShownTo(peerId: string, { visibility, visibleTo }: FileEntry): boolean {
  return visibility === 'all-paired' || (visibility === 'chosen' && (visibleTo?.includes(peerId) ?? false));
}

function release(counts: Map<string, number>, id: string): void {
  const left = (counts.get(id) ?? 1) - 1;
  if (left > 0) counts.set(id, left);
  else counts.delete(id);
}
