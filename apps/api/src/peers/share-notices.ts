import { FileStore } from '@ferry/file-store';
import { EVENTS } from '@ferry/protocol';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PeerTransport } from '../transport/peer-transport';
import { coalesce, type Coalesced } from './coalesce';
import { PEERS_OPTIONS, type PeersOptions } from './peers-options';
import { PeersService } from './peers.service';

/** Tells online peers that our share changed, and takes the same from them; both at most once in a while. */
@Injectable()
export class ShareNotices implements OnModuleInit, OnModuleDestroy {
  private readonly subscriptions: (() => void)[] = [];
  private readonly incoming = new Map<string, Coalesced>();
  private readonly announce: Coalesced;

  constructor(
    private readonly store: FileStore,
    private readonly transport: PeerTransport,
    private readonly peers: PeersService,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {
    this.announce = coalesce(() => {
      for (const session of this.peers.onlineSessions()) session.notify(EVENTS.shareChanged, {});
    }, options.shareNoticeMs);
  }

  onModuleInit(): void {
    this.subscriptions.push(
      this.store.entries.onChange(() => this.announce()),
      this.transport.onEvent(({ peerId }, { pattern }) => {
        if (pattern === EVENTS.shareChanged && this.peers.isPaired(peerId)) this.noticed(peerId);
      }),
      this.peers.onRemoved((id) => this.forget(id)),
    );
  }

  onModuleDestroy(): void {
    for (const unsubscribe of this.subscriptions) unsubscribe();
    this.announce.stop();
    for (const id of [...this.incoming.keys()]) this.forget(id);
  }

  private noticed(peerId: string): void {
    const known = this.incoming.get(peerId);
    if (known) return known();
    const notice = coalesce(() => this.peers.noteShareChanged(peerId), this.options.shareNoticeMs);
    this.incoming.set(peerId, notice);
    notice();
  }

  private forget(peerId: string): void {
    this.incoming.get(peerId)?.stop();
    this.incoming.delete(peerId);
  }
}
