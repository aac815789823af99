import { FileStore } from '@ferry/file-store';
import type { TransferState } from '@ferry/protocol';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { PeersService } from '../peers/peers.service';
import type { TransferMeter } from './progress/transfer-meter';
import { BlockBuffers } from './pull/block-buffers';
import { TransferRun, type RunResult } from './pull/transfer-run';
import { StallError } from './pull/stall-guard';
import { StalledTransfers } from './stalled-transfers';
import { SpaceWatch, waitingDetail } from './space-watch';
import { stopReason, summaryOf } from './stop-reason';
import { TransferRegister } from './transfer-register';
import { stagingKey, type TransferRow } from './transfer-rows';
import { INTERRUPTED_STATES, isRunning } from './transfer-state';
import { NO_ERROR, TransfersRepository, type TransferPatch } from './transfers.repository';

/** Transfers that pull at the same time; the others wait in the order they were made. */
const MAX_RUNNING_TRANSFERS = 3;

/** Pause before a transfer is tried again whose peer is there, but just failed it or still hashes its files. */
const RETRY_MS = 1_000;

/** Pause before the end of a run is written down again that the database could not take. */
const SETTLE_AGAIN_MS = 5_000;

type Outcome = { readonly result: RunResult } | { readonly error: unknown };

interface ActiveRun {
  readonly peerId: string;
  readonly run: TransferRun;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Runs queued transfers, a few at a time, and decides what becomes of one that stops. */
@Injectable()
export class TransferQueue implements OnModuleDestroy {
  private readonly logger = new Logger(TransferQueue.name);
  private readonly buffers = new BlockBuffers();
  private readonly active = new Map<string, ActiveRun>();
  private readonly retries = new Set<NodeJS.Timeout>();
  private readonly stalled = new StalledTransfers();
  private isOpen = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly repository: TransfersRepository,
    private readonly register: TransferRegister,
    private readonly store: FileStore,
    private readonly peers: PeersService,
    private readonly space: SpaceWatch,
  ) {}

  /** To be called once the node listens: takes up what its last run left unfinished. */
  open(): void {
    this.isOpen = true;
    const waiting = (peerId: string): string[] => this.repository.idsIn(['waiting-for-peer'], peerId);
    const requeueWaiting = (peerId: string): void => this.requeue(waiting(peerId));
    // A peer that was there all the time comes back at once when its silence has cost it the session.
    this.peers.news.onOnline((peerId) => this.requeue(waiting(peerId).filter((id) => !this.stalled.isPausing(id))));
    // They fail then, with that reason.
    this.peers.news.onCutOff(requeueWaiting);
    this.peers.news.onDistrusted(requeueWaiting);
    for (const id of this.repository.idsIn(INTERRUPTED_STATES)) this.register.recover(id, this.bytesOnDisk(id));
    this.space.open(() => this.fill());
    this.fill();
  }

  /** Stops every run; their transfers keep their state, so the next start goes on with them. */
  async onModuleDestroy(): Promise<void> {
    this.isOpen = false;
    for (const timer of this.retries) clearTimeout(timer);
    for (const { controller } of this.active.values()) controller.abort();
    await Promise.all([...this.active.values()].map(({ ended }) => ended));
  }

  /** Starts queued transfers as far as there is room. */
  fill(): void {
    if (!this.isOpen) return;
    for (const id of this.repository.idsIn(['queued'])) {
      if (this.active.size >= MAX_RUNNING_TRANSFERS) return;
      if (!this.active.has(id) && this.mayStart(id)) this.start(id);
    }
  }

  /** Resolves when no run of this transfer is left; what it had verified is kept. */
  async stop(id: string): Promise<void> {
    const active = this.active.get(id);
    active?.controller.abort();
    await active?.ended;
    this.stalled.forget(id);
  }

  meterOf(id: string): TransferMeter | undefined {
    return this.active.get(id)?.run.meter;
  }

  /** @returns the running transfers and their meters. */
  meters(): [id: string, meter: TransferMeter][] {
    return [...this.active].map(([id, { run }]) => [id, run.meter]);
  }

  private mayStart(id: string): boolean {
    const isSuspect = ({ peerId }: { peerId: string }): boolean => this.stalled.isSuspect(peerId);
    return !isSuspect(this.register.get(id)) || ![...this.active.values()].some(isSuspect);
  }

  private start(id: string): void {
    const row = this.register.get(id);
    const transfer = row.state === 'hashing' ? row : this.register.become(id, 'connecting', NO_ERROR);
    const controller = new AbortController();
    const run = new TransferRun(transfer, {
      repository: this.repository,
      store: this.store,
      peers: this.peers,
      buffers: this.buffers,
      peerTimeoutMs: this.config.peerTimeoutMs,
      bytesOnDisk: this.bytesOnDisk(id),
      onState: (state) => this.progressTo(id, state, controller.signal),
    });
    const ended = this.finish(id, run, controller.signal);
    this.active.set(id, { peerId: row.peerId, run, controller, ended });
  }

  private progressTo(id: string, state: TransferState, signal: AbortSignal): void {
    signal.throwIfAborted();
    if (this.register.get(id).state !== state) this.register.become(id, state);
  }

  private async finish(id: string, run: TransferRun, signal: AbortSignal): Promise<void> {
    const outcome = await run.run(signal).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    this.active.delete(id);
    this.conclude(id, run.meter, outcome, signal.aborted);
  }

  private conclude(id: string, meter: TransferMeter, outcome: Outcome, isAborted: boolean): void {
    try {
      this.settle(id, meter, outcome, isAborted);
      this.fill();
    } catch (fault) {
      this.logger.error(fault); // a defect of ours, or a disk that is too full even for the database
      if (this.isOpen) this.later(() => this.conclude(id, meter, outcome, isAborted), SETTLE_AGAIN_MS);
    }
  }

  private settle(id: string, { resumedBytes, reusedBytes }: TransferMeter, outcome: Outcome, isAborted: boolean): void {
    const row = this.repository.find(id);
    if (!row) return; // removed by the user meanwhile
    // Not the meter's: what was written and could not be synced may be gone.
    const figures = { verifiedBytes: this.bytesOnDisk(id), resumedBytes, reusedBytes };
    if (isAborted || !isRunning(row.state)) return this.repository.update(id, figures);
    if ('error' in outcome) return this.stopped(row, figures, outcome.error);
    if (outcome.result === 'hashing') {
      if (row.state !== 'hashing') this.register.become(id, 'hashing', figures);
      return this.retryLater(id);
    }
    this.stalled.forget(id);
    this.space.forget(id);
    const failures = this.repository.failures(id);
    const finishedAt = new Date().toISOString();
    if (!failures) this.register.become(id, 'complete', { ...figures, finishedAt });
    else {
      const { code, detail } = summaryOf(failures, row.filesTotal);
      this.register.become(id, 'failed', { ...figures, errorCode: code, errorDetail: detail, finishedAt });
    }
  }

  private stopped(row: TransferRow, figures: TransferPatch, error: unknown): void {
    const { state, code, detail } = stopReason(this.peers.refusalOf(row.peerId) ?? error);
    if (code === 'internal') this.logger.error(error);
    if (state === 'paused') return this.waitForSpace(row, figures);
    const finishedAt = state === 'failed' ? new Date().toISOString() : null;
    this.register.become(row.id, state, { ...figures, errorCode: code, errorDetail: detail, finishedAt });
    const isStalled = error instanceof StallError && (figures.verifiedBytes ?? 0) <= row.verifiedBytes;
    if (!isStalled) this.stalled.forget(row.id);
    if (state !== 'waiting-for-peer') return;
    if (isStalled) this.retryLater(row.id, this.stalled.pause(row.id, row.peerId));
    // The news may have come while this run was still closing its files: nothing else would wake the transfer.
    else if (this.peers.isNewsUnlikely(row.peerId)) this.retryLater(row.id);
  }

  /** Until the space watch has looked, all that is to come is missing. */
  private waitForSpace({ id }: TransferRow, figures: TransferPatch): void {
    const missingBytes = this.space.needed(id);
    const errorDetail = waitingDetail(missingBytes);
    this.register.become(id, 'paused', { ...figures, errorCode: 'insufficient-storage', errorDetail, missingBytes });
    this.stalled.forget(id);
    this.space.added(id, figures.verifiedBytes ?? 0);
  }

  /** What is complete or staged of a transfer that no run owns. */
  private bytesOnDisk(id: string): number {
    const staged = this.repository
      .unfinishedPositions(id)
      .map((position) => this.store.staging.stagedBytes(stagingKey({ transferId: id, position })));
    return staged.reduce((sum, bytes) => sum + bytes, this.repository.sums(id).completeBytes);
  }

  private retryLater(id: string, pauseMs = RETRY_MS): void {
    this.later(() => {
      this.stalled.resume(id);
      this.retry(id);
    }, pauseMs);
  }

  private later(work: () => void, pauseMs: number): void {
    const timer = setTimeout(() => {
      this.retries.delete(timer);
      work();
    }, pauseMs);
    this.retries.add(timer);
  }

  /** A transfer whose files are being hashed keeps that state, and holds no place of those that can move. */
  private retry(id: string): void {
    if (this.repository.find(id)?.state !== 'hashing') return this.requeue([id]);
    if (this.active.has(id)) return;
    if (this.active.size < MAX_RUNNING_TRANSFERS) this.start(id);
    else this.retryLater(id);
  }

  private requeue(ids: readonly string[]): void {
    for (const id of ids)
      if (this.repository.find(id)?.state === 'waiting-for-peer') this.register.become(id, 'queued');
    this.fill();
  }
}
