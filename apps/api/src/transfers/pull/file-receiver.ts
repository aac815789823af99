import { FileStoreError, type FileStore } from '@ferry/file-store';
import type { ConflictRule, FileManifestHead } from '@ferry/protocol';
import type { PeersService } from '../../peers/peers.service';
import type { PeerSession } from '../../transport/peer-session';
import type { TransferMeter } from '../progress/transfer-meter';
import { stagingKey, type TransferFileRow } from '../transfer-rows';
import type { TransfersRepository } from '../transfers.repository';
import type { BlockBuffers } from './block-buffers';
import { BlockNews } from './block-news';
import { type FilePullOptions, pullFile } from './file-pull';
import { fetchHashes, fetchHead } from './manifest';
import type { RequestPace } from './request-pace';
import { ReuseCount } from './reuse-count';
import { withStallGuard } from './stall-guard';

const NOT_AS_OFFERED =
  'The file is not the one that was offered: it changed on the peer. Ask for it to be offered again.';

export interface FileReceiverOptions {
  readonly peerId: string;
  /** The user has agreed to just these files: an entry that turns out to be another one fails. */
  readonly isOffered: boolean;
  /** When the name is taken. */
  readonly onConflict: ConflictRule;
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
    const published = await store.staging.findPublished(stagingKey(file));
    if (published) {
      await repository.completeFile(file.transferId, file.position, published.path);
      meter.found(file.size);
      return 'complete';
    }
    const session = await peers.sessionFor(peerId, signal);
    const head = await this.fromPeer(session, () => fetchHead(session, file.entryId, signal));
    meter.described(1);
    const { fileId } = head;
    if (head.kind === 'folder') throw new FileStoreError('CHANGED', 'The file is a folder on the peer by now.');
    if (fileId === undefined) return 'hashing';
    const isKnown = fileId === file.fileId && head.size === file.size && head.path === file.path;
    if (!isKnown) await this.takeOver(file, { ...head, fileId });
    // Where it was when the transfer was made: a folder that its owner renames meanwhile must not arrive in two halves.
    await this.pull(session, file, { ...head, fileId, path: file.path }, signal);
    return 'complete';
  }

  private async pull(
    session: PeerSession,
    file: TransferFileRow,
    head: FileManifestHead & { fileId: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { repository, store, meter, onPhase, onConflict } = this.options;
    const { transferId, position } = file;
    const key = stagingKey(file);
    const path = store.checkIncoming({ path: head.path, size: head.size });
    if (onConflict === 'skip' && (await isReceived(store, path)))
      return this.skip(file, store.staging.stagedBytes(key));
    await store.staging.checkSpace(key, head.size); // before its hashes take memory: the size is only a claim
    const hashes = await this.fromPeer(session, () =>
      fetchHashes(session, head, (count) => meter.described(count), signal),
    );
    const counted = store.staging.stagedBytes(key);
    // First, so that what is staged is always known: commits keep their order, nobody waits for this one alone.
    const running = repository.updateFile(transferId, position, { state: 'running' });
    running.catch(() => undefined); // met below
    const staged = await store.staging.open({ ...head, key, path, hashes, onConflict });
    const news = new BlockNews(session, head.fileId);
    try {
      staged.onDurable((blocks) => news.add(blocks));
      meter.found(staged.resumedBytes - counted);
      const reuse = await ReuseCount.begin(repository, meter, file, staged.resumedBytes);
      onPhase('pulling');
      try {
        await this.fill({ ...this.options, session, fileId: head.fileId, size: head.size, staged }, reuse, signal);
      } finally {
        onPhase('pulled');
        await reuse.save();
      }
      await running;
      const published = await staged.publish((entry) => repository.markComplete(transferId, position, entry.path));
      if ('skipped' in published) await this.skip(file, head.size);
    } catch (error) {
      news.stop();
      await repository.updateFile(transferId, position, { doneBytes: staged.verifiedBytes });
      throw error;
    } finally {
      await staged.close();
    }
  }

  /** @param countedBytes of the file that were counted as here. */
  private async skip(file: TransferFileRow, countedBytes: number): Promise<void> {
    const { repository, store, meter } = this.options;
    await store.staging.discard(stagingKey(file));
    await repository.skipFile(file.transferId, file.position);
    meter.found(-countedBytes);
  }

  /** What lies on this disk first, whatever its name; the rest comes from the peer. */
  private async fill(pull: Omit<FilePullOptions, 'blocks'>, reuse: ReuseCount, signal: AbortSignal): Promise<void> {
    const { session, staged } = pull;
    const look = async (): Promise<void> => {
      await staged.reuse((count) => reuse.add(count), signal);
      await reuse.save(); // a run that goes on after a kill tells what was reused from what was sent
    };
    await look();
    for (let blocks = await staged.blocksToAskFor(); blocks.length > 0; blocks = await staged.blocksToAskFor()) {
      const wanted = { ...pull, blocks };
      await this.fromPeer(session, () => pullFile(wanted, signal));
      if (staged.missingBlocks().length > 0) await look(); // blocks that repeat in the file
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
    if (fileId === file.fileId && size === file.size) return; // only renamed
    await repository.updateFile(file.transferId, file.position, {
      ...{ fileId, size },
      ...{ doneBytes: 0, resumedBytes: 0, reusedBytes: 0 },
    });
    if (size !== file.size)
      repository.update(file.transferId, { totalBytes: repository.sums(file.transferId).totalBytes });
  }
}

/** Whether a file of just this name is among the received ones, so that none of it need be asked for; publishing has the last word. */
async function isReceived(store: FileStore, path: string): Promise<boolean> {
  const entry = store.entries.at('received', path);
  if (entry?.kind !== 'file') return false;
  const reader = await store.openForRead(entry.id).catch(() => undefined); // gone from the disk, and not noticed yet
  await reader?.close();
  return reader !== undefined;
}
