import { setTimeout as delay } from 'node:timers/promises';
import type { FileStore } from '@ferry/file-store';
import type { FileManifestHead, TransferState } from '@ferry/protocol';
import type { PeersService } from '../../peers/peers.service';
import type { PeerSession } from '../../transport/peer-session';
import { TransferMeter } from '../progress/transfer-meter';
import { stagingKey, type TransferFileRow, type TransferRow } from '../transfer-rows';
import type { TransfersRepository } from '../transfers.repository';
import type { BlockBuffers } from './block-buffers';
import { pullFile } from './file-pull';
import { fetchHashes, fetchHead } from './manifest';
import { withStallGuard } from './stall-guard';

/** Time between two looks at a file that its owner is still hashing. */
const HASHING_POLL_MS = 1_000;

export interface TransferRunOptions {
  readonly repository: TransfersRepository;
  readonly store: FileStore;
  readonly peers: PeersService;
  readonly buffers: BlockBuffers;
  /** A source that sends nothing for so long is dropped. */
  readonly peerTimeoutMs: number;
  readonly onState: (state: TransferState) => void;
}

/** One go at a transfer: from wherever it stands to the end, or to an error that says why not. */
export class TransferRun {
  readonly meter: TransferMeter;

  constructor(
    private readonly transfer: TransferRow,
    private readonly options: TransferRunOptions,
  ) {
    const { completeBytes, resumedBytes } = options.repository.sums(transfer.id);
    this.meter = new TransferMeter(completeBytes, resumedBytes);
  }

  /** Resolves when every file of the transfer is published. @throws PeerError, FileStoreError, AbortError */
  async run(signal: AbortSignal): Promise<void> {
    for (let file = this.nextFile(); file; file = this.nextFile()) await this.pullOne(file, signal);
    this.options.onState('verifying'); // a transfer whose last file was published just before a crash comes here directly
  }

  private nextFile(): TransferFileRow | undefined {
    return this.options.repository.nextFile(this.transfer.id);
  }

  private async pullOne(file: TransferFileRow, signal: AbortSignal): Promise<void> {
    const { repository, store, peers } = this.options;
    const key = stagingKey(file);
    const published = store.staging.findPublished(key);
    if (published) {
      repository.completeFile(file.transferId, file.position, published.path);
      this.meter.restarted(repository.sums(file.transferId).completeBytes);
      return;
    }
    const session = await peers.sessionFor(this.transfer.peerId, signal);
    const head = await this.hashedHead(session, file, signal);
    this.options.onState('running');
    const path = store.checkIncoming({ path: head.path, size: head.size });
    const hashes = await fetchHashes(session, head, signal);
    const staged = await store.staging.open({ ...head, key, path, hashes });
    repository.updateFile(file.transferId, file.position, { state: 'running', resumedBytes: staged.resumedBytes });
    this.meter.resumed(staged.resumedBytes, repository.sums(file.transferId).resumedBytes);
    try {
      const pull = { ...this.options, session, fileId: head.fileId, size: head.size, staged, meter: this.meter };
      const progress = (): number => this.meter.receivedBytes + this.meter.verifiedBytes;
      await withStallGuard(session, progress, this.options.peerTimeoutMs, () => pullFile(pull, signal));
      this.options.onState('verifying');
      const entry = await staged.publish();
      repository.completeFile(file.transferId, file.position, entry.path);
    } finally {
      repository.updateFile(file.transferId, file.position, { doneBytes: staged.verifiedBytes });
      await staged.close();
    }
  }

  /** Waits until the owner has hashed the file, and takes over what it says of it now. */
  private async hashedHead(
    session: PeerSession,
    file: TransferFileRow,
    signal: AbortSignal,
  ): Promise<FileManifestHead & { fileId: string }> {
    for (;;) {
      const head = await fetchHead(session, file.entryId, signal);
      const { fileId, path, size } = head;
      if (fileId !== undefined) {
        if (fileId !== file.fileId || size !== file.size) this.takeOver(file, { fileId, path, size });
        return { ...head, fileId };
      }
      this.options.onState('hashing');
      await delay(HASHING_POLL_MS, undefined, { signal });
    }
  }

  /** The entry holds other content than when the transfer was made: what was staged of the old one is of no use. */
  private takeOver(file: TransferFileRow, now: { fileId: string; path: string; size: number }): void {
    const { repository } = this.options;
    repository.updateFile(file.transferId, file.position, { ...now, doneBytes: 0, resumedBytes: 0 });
    repository.update(file.transferId, { totalBytes: repository.sums(file.transferId).totalBytes });
  }
}
