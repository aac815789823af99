import { FileStore } from '@ferry/file-store';
import type { CreateTransferRequest, ListQuery, Page, Transfer, TransferFile, TransferState } from '@ferry/protocol';
import { Injectable } from '@nestjs/common';
import { EventsService } from '../events/events.service';
import { PeersService } from '../peers/peers.service';
import { PeerError } from '../transport/peer-error';
import { DESCRIBE_TIMEOUT_MS, describeEntries } from './pull/describe-entries';
import { assertSomeAccepted, markRefused } from './pull/refused-files';
import { transferName } from './shown-name';
import type { PageCursor } from './transfer-pages';
import { TransferQueue } from './transfer-queue';
import { TransferRegister } from './transfer-register';
import { stagingKey, type TransferRow } from './transfer-rows';
import { INTERRUPTED_STATES, isFinal } from './transfer-state';
import { toTransfer, toTransferFile } from './transfer-view';
import { TransfersRepository, type NewTransferFile } from './transfers.repository';

/** Going on by themselves, now or later. */
const UNDER_WAY: readonly TransferState[] = ['queued', ...INTERRUPTED_STATES];

/** What the user can do with transfers. */
@Injectable()
export class TransfersService {
  constructor(
    private readonly repository: TransfersRepository,
    private readonly register: TransferRegister,
    private readonly queue: TransferQueue,
    private readonly peers: PeersService,
    private readonly store: FileStore,
    private readonly events: EventsService,
  ) {}

  /**
   * Makes one transfer for all the entries and queues it. The peer is asked for names and sizes first, so that an unknown
   * entry is said at once. Files that may not be received (name, type, size) fail alone; if all of them are such, nothing is begun.
   * @throws PeerError NOT_FOUND, NOT_PAIRED, OFFLINE, UNREACHABLE, TIMEOUT; FileStoreError NOT_FOUND, TOO_LARGE, EXTENSION_NOT_ALLOWED, UNSAFE_NAME
   */
  async create({ peerId, entryIds }: CreateTransferRequest): Promise<Transfer> {
    const peer = this.peers.get(peerId);
    if (!peer.paired)
      throw new PeerError('NOT_PAIRED', `${peer.name} is not paired with this device. Pair first, then get its files.`);
    const session = await this.peers.sessionFor(peerId, AbortSignal.timeout(DESCRIBE_TIMEOUT_MS));
    const described = await describeEntries(session, [...new Set(entryIds)]);
    const check = (file: NewTransferFile): unknown => this.store.checkIncoming(file);
    const files = markRefused(described, check);
    assertSomeAccepted(files, check);
    return this.begin(this.repository.insert(peerId, transferName(files[0]?.path, files.length), files));
  }

  /** Announces a transfer that was stored just now, and starts it when there is room. */
  begin(row: TransferRow): Transfer {
    const transfer = toTransfer(row);
    this.events.publish('transfers.added', transfer);
    this.queue.fill();
    return transfer;
  }

  /** @throws TransferError NOT_FOUND */
  get(id: string): Transfer {
    return toTransfer(this.register.get(id), this.queue.meterOf(id));
  }

  /** Newest first. */
  list(query: ListQuery & { states?: readonly TransferState[] }): Page<Transfer> {
    const page = this.repository.list(query);
    return { ...page, items: page.items.map((row) => toTransfer(row, this.queue.meterOf(row.id))) };
  }

  /** In the order of the request. @throws TransferError NOT_FOUND */
  files(id: string, query: PageCursor): Page<TransferFile> {
    this.register.get(id);
    const page = this.repository.listFiles(id, query);
    return { ...page, items: page.items.map(toTransferFile) };
  }

  /** Keeps what is verified. @throws TransferError NOT_FOUND, ILLEGAL_TRANSITION */
  async pause(id: string): Promise<Transfer> {
    this.register.become(id, 'paused');
    await this.queue.stop(id);
    return this.get(id);
  }

  /** Goes on from the verified blocks, after a pause or a failure; asking twice is not an error. @throws TransferError NOT_FOUND, ILLEGAL_TRANSITION */
  resume(id: string): Transfer {
    if (!UNDER_WAY.includes(this.register.get(id).state)) {
      this.register.become(id, 'queued', { errorCode: null, errorDetail: null, finishedAt: null });
      this.repository.resetFailed(id);
      this.queue.fill();
    }
    return this.get(id);
  }

  /** Cancels an unfinished transfer (it stays readable); takes a finished one off the list. Published files stay. @throws TransferError NOT_FOUND */
  async remove(id: string): Promise<void> {
    const isFinished = isFinal(this.register.get(id).state);
    if (!isFinished)
      this.register.become(id, 'cancelled', {
        errorCode: null,
        errorDetail: null,
        finishedAt: new Date().toISOString(),
      });
    await this.queue.stop(id);
    for (const position of this.repository.unfinishedPositions(id))
      await this.store.staging.discard(stagingKey({ transferId: id, position }));
    if (!isFinished) return this.repository.update(id, { verifiedBytes: this.repository.sums(id).completeBytes });
    this.repository.delete(id);
    this.events.publish('transfers.removed', { id });
  }

  /** @returns how many transfers are under way or will go on by themselves. */
  activeCount(): number {
    return this.repository.count(UNDER_WAY);
  }
}
