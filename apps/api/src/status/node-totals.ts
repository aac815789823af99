import { Injectable } from '@nestjs/common';
import { FileStore } from '@ferry/file-store';
import type { NodeStatus } from '@ferry/protocol';
import { PeersService } from '../peers/peers.service';
import { TransfersService } from '../transfers/transfers.service';

/** Counts what the node holds and does. */
@Injectable()
export class NodeTotals {
  constructor(
    private readonly store: FileStore,
    private readonly peers: PeersService,
    private readonly transfers: TransfersService,
  ) {}

  /** A snapshot; cheap enough for each request. */
  count(): NodeStatus['totals'] {
    const shared = this.store.entries.totals('shared');
    const received = this.store.entries.totals('received');
    const hashing = this.store.entries.unhashed();
    const peers = this.peers.counts();
    return {
      sharedFiles: shared.files,
      sharedBytes: shared.bytes,
      receivedFiles: received.files,
      receivedBytes: received.bytes,
      hashingFiles: hashing.files,
      hashingBytes: hashing.bytes,
      pairedPeers: peers.paired,
      onlinePeers: peers.online,
      activeTransfers: this.transfers.activeCount(),
    };
  }
}
