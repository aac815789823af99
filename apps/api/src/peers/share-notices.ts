import { FileStore, type Audience } from '@ferry/file-store';
import { EVENTS } from '@ferry/protocol';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PeerTransport } from '../transport/peer-transport';
import { coalesce, type Coalesced } from './coalesce';
import { PEERS_OPTIONS, type PeersOptions } from './peers-options';
import { PeersService } from './peers.service';

/** Tells online peers that what they see of our share changed, and takes the same from them; both at most once in a while. */
@Injectable()
export class ShareNotices implements OnModuleInit, OnModuleDestroy {
  private readonly subscriptions: (() => void)[] = [];
  private readonly incoming = new Map<string, Coalesced>();
  private readonly outgoing = new Map<string, Coalesced>();

  constructor(
    private readonly store: FileStore,
    private readonly transport: PeerTransport,
    private readonly peers: PeersService,
    @Inject(PEERS_OPTIONS) private readonly options: PeersOptions,
  ) {}

  onModuleInit(): void {
    this.subscriptions.push(
      this.store.entries.onChange(({ audience }) => this.announce(audience)),
      this.peers.news.onPermissionsChanged((id, { seeMyFiles }) => {
        if (this.peers.permissionsOf(id).seeMyFiles !== seeMyFiles) this.tell(id);
      }),
      this.transport.onEvent(({ peerId }, { pattern }) => {
        if (pattern === EVENTS.shareChanged && this.peers.isPaired(peerId)) this.noticed(peerId);
      }),
      this.peers.news.onCutOff((id) => this.forget(id)),
    );
  }

  onModuleDestroy(): void {
    for (const unsubscribe of this.subscriptions) unsubscribe();
    for (const id of [...this.incoming.keys(), ...this.outgoing.keys()]) this.forget(id);
  }

  /** Who does not see an entry does not learn that it changed. */
  private announce(audience: Audience): void {
    if (audience.length === 0) return;
    for (const { peerId } of this.peers.onlineSessions())
      if (audience === 'all-paired' || audience.includes(peerId)) this.noticeFor(peerId)();
  }

  private noticeFor(peerId: string): Coalesced {
    const known = this.outgoing.get(peerId);
    if (known) return known;
    const notice = coalesce(() => {
      if (this.peers.permissionsOf(peerId).seeMyFiles) this.tell(peerId);
    }, this.options.shareNoticeMs);
    this.outgoing.set(peerId, notice);
    return notice;
  }

  private tell(peerId: string): void {
    const session = this.peers.onlineSessions().find((each) => each.peerId === peerId);
    session?.notify(EVENTS.shareChanged, {});
  }

  private noticed(peerId: string): void {
    const known = this.incoming.get(peerId);
    if (known) return known();
    const notice = coalesce(() => this.peers.noteShareChanged(peerId), this.options.shareNoticeMs);
    this.incoming.set(peerId, notice);
    notice();
  }

  private forget(peerId: string): void {
    for (const notices of [this.incoming, this.outgoing]) {
      notices.get(peerId)?.stop();
      notices.delete(peerId);
    }
  }
}
