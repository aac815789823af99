import { FileStoreError, type FileStore } from '@ferry/file-store';
import type { FileManifestHead } from '@ferry/protocol';
import type { PeersService } from '../../peers/peers.service';
import type { PeerSession } from '../../transport/peer-session';
import type { TransferMeter } from '../progress/transfer-meter';
import { stagingKey, type TransferFileRow } from '../transfer-rows';
import type { TransfersRepository } from '../transfers.repository';
import type { BlockBuffers } from './block-buffers';
import { BlockNews } from './block-news';
import { pullFile } from './file-pull';
import { fetchHashes, fetchHead } from './manifest';
import type { RequestPace } from './request-pace';
import { withStallGuard } from './stall-guard';

const NOT_AS_OFFERED =
  'The file is not the one that was offered: it changed on the peer. Ask for it to be offered again.';

export interface FileReceiverOptions {
  readonly peerId: string;
  /** The user has agreed to just these files: an entry that turns out to be another one fails. */
  readonly isOffered: boolean;
  readonly repository: TransfersRepository;
  readonly store: FileStore;
  readonly peers: PeersService;
  readonly buffers: BlockBuffers;
  readonly meter: TransferMeter;
  readonly pace: RequestPace;
  /** A source that sends nothing for so long is dropped. */
  readonly peerTimeoutMs: number;
  /** Told when the bytes of a file begin to come, and when no more of them will. */
  readonly onPhase: (phase: 'pulling' | 'pulled') => void;
}

/** Receives single files of one transfer, each from wherever it stands to its final name. */
export class FileReceiver {
  constructor(private readonly options: FileReceiverOptions) {}

  /**
   * @returns `hashing` when the owner does not know the file's content address yet, so nothing could be begun.
   * @throws PeerError, FileStoreError, ProtocolError, AbortError
   */
  async receive(file: TransferFileRow, signal: AbortSignal): Promise<'complete' | 'hashing'> {
    const { repository, store, peers, meter, peerId } = this.options;
    const published = store.staging.findPublished(stagingKey(file));
    if (published) {
      await repository.completeFile(file.transferId, file.position, published.path);
      meter.found(file.size);
      return 'complete';
    }
    const session = await peers.sessionFor(peerId, signal);
    const head = await this.fromPeer(session, () => fetchHead(session, file.entryId, signal));
    meter.described(1);
    const { fileId } = head;
    if (fileId === undefined) return 'hashing';
    const isKnown = fileId === file.fileId && head.size === file.size && head.path === file.path;
    if (!isKnown) await this.takeOver(file, { ...head, fileId });
    await this.pull(session, file, { ...head, fileId }, signal);
    return 'complete';
  }

  private async pull(
    session: PeerSession,
    file: TransferFileRow,
    head: FileManifestHead & { fileId: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { repository, store, meter, onPhase } = this.options;
    const { transferId, position } = file;
    const key = stagingKey(file);
    const path = store.checkIncoming({ path: head.path, size: head.size });
    await store.staging.checkSpace(key, head.size); // before its hashes take memory: the size is only a claim
    const hashes = await this.fromPeer(session, () =>
      fetchHashes(session, head, (count) => meter.described(count), signal),
    );
    const counted = store.staging.stagedBytes(key);
    await repository.updateFile(transferId, position, { state: 'running' }); // first: so that what is staged is always known
    const staged = await store.staging.open({ ...head, key, path, hashes });
    const news = new BlockNews(session, head.fileId);
    try {
      staged.onDurable((blocks) => news.add(blocks));
      meter.found(staged.resumedBytes - counted);
      await repository.updateFile(transferId, position, { resumedBytes: staged.resumedBytes });
      meter.resumedBytes = repository.sums(transferId).resumedBytes;
      const pull = { ...this.options, session, fileId: head.fileId, size: head.size, staged };
      onPhase('pulling');
      try {
        await this.fromPeer(session, () => pullFile(pull, signal));
      } finally {
        onPhase('pulled');
      }
      const entry = await staged.publish();
      await repository.completeFile(transferId, position, entry.path);
    } catch (error) {
      news.stop();
      await repository.updateFile(transferId, position, { doneBytes: staged.verifiedBytes });
      throw error;
    } finally {
      await staged.close();
    }
  }

  /** Waits for what the peer has to do, as long as it does anything for this transfer. What our own disk takes is not its fault. */
  private fromPeer<T>(session: PeerSession, work: () => Promise<T>): Promise<T> {
    const { meter, peerTimeoutMs } = this.options;
    const progress = (): number => meter.receivedBytes + meter.verifiedBytes + meter.manifestBytes;
    return withStallGuard(session, progress, peerTimeoutMs, work);
  }

  /** The entry holds other content than when the transfer was made: what was staged of the old one is of no use. */
  private async takeOver(file: TransferFileRow, now: { fileId: string; path: string; size: number }): Promise<void> {
    const { repository, isOffered } = this.options;
    const { fileId, path, size } = now;
    const isSame = path === file.path && size === file.size && (file.fileId === null || file.fileId === fileId);
    if (isOffered && !isSame) throw new FileStoreError('CHANGED', NOT_AS_OFFERED);
    await repository.updateFile(file.transferId, file.position, { fileId, path, size, doneBytes: 0, resumedBytes: 0 });
    repository.update(file.transferId, { totalBytes: repository.sums(file.transferId).totalBytes });
  }
}
