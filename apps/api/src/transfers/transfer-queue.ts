import { FileStore } from '@ferry/file-store';
import type { TransferState } from '@ferry/protocol';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { PeersService } from '../peers/peers.service';
import type { TransferMeter } from './progress/transfer-meter';
import { BlockBuffers } from './pull/block-buffers';
import { TransferRun } from './pull/transfer-run';
import { stopReason } from './stop-reason';
import { TransferRegister } from './transfer-register';
import { stagingKey } from './transfer-rows';
import { INTERRUPTED_STATES, isRunning } from './transfer-state';
import { TransfersRepository } from './transfers.repository';

/** Transfers that pull at the same time; the others wait in the order they were made. */
export const MAX_RUNNING_TRANSFERS = 3;

/** Pause before a transfer whose peer is there, but just failed it, is tried again. */
const RETRY_MS = 1_000;

interface ActiveRun {
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
  private isOpen = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly repository: TransfersRepository,
    private readonly register: TransferRegister,
    private readonly store: FileStore,
    private readonly peers: PeersService,
  ) {}

  /** To be called once the node listens: takes up what its last run left unfinished. */
  open(): void {
    this.isOpen = true;
    const requeueWaiting = (peerId: string): void => this.requeue(this.repository.idsIn(['waiting-for-peer'], peerId));
    this.peers.onOnline(requeueWaiting);
    this.peers.onRemoved(requeueWaiting); // they fail then, with that reason
    for (const id of this.repository.idsIn(INTERRUPTED_STATES)) this.register.recover(id, this.bytesOnDisk(id));
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
      if (!this.active.has(id)) this.start(id);
    }
  }

  /** Resolves when no run of this transfer is left; what it had verified is kept. */
  async stop(id: string): Promise<void> {
    const active = this.active.get(id);
    active?.controller.abort();
    await active?.ended;
  }

  meterOf(id: string): TransferMeter | undefined {
    return this.active.get(id)?.run.meter;
  }

  /** @returns the running transfers and their meters. */
  meters(): [id: string, meter: TransferMeter][] {
    return [...this.active].map(([id, { run }]) => [id, run.meter]);
  }

  private start(id: string): void {
    const transfer = this.register.become(id, 'connecting', { errorCode: null, errorDetail: null });
    const controller = new AbortController();
    const run = new TransferRun(transfer, {
      repository: this.repository,
      store: this.store,
      peers: this.peers,
      buffers: this.buffers,
      peerTimeoutMs: this.config.peerTimeoutMs,
      onState: (state) => this.progressTo(id, state, controller.signal),
    });
    const ended = this.finish(id, run, controller.signal);
    this.active.set(id, { run, controller, ended });
  }

  private progressTo(id: string, state: TransferState, signal: AbortSignal): void {
    signal.throwIfAborted();
    if (this.register.get(id).state !== state) this.register.become(id, state);
  }

  private async finish(id: string, run: TransferRun, signal: AbortSignal): Promise<void> {
    let error: unknown;
    try {
      await run.run(signal);
    } catch (thrown) {
      error = thrown;
    }
    this.active.delete(id);
    try {
      this.settle(id, run, error, signal.aborted);
      this.fill();
    } catch (fault) {
      this.logger.error(fault); // a defect of ours, or the disk: the transfer keeps its last state until the next start
    }
  }

  private settle(id: string, { meter }: TransferRun, error: unknown, isAborted: boolean): void {
    const { verifiedBytes, resumedBytes } = meter;
    const row = this.repository.find(id);
    if (!row) return; // removed by the user meanwhile
    if (isAborted || !isRunning(row.state)) return this.repository.update(id, { verifiedBytes, resumedBytes });
    if (error === undefined) {
      this.register.become(id, 'complete', { verifiedBytes, resumedBytes, finishedAt: new Date().toISOString() });
      return;
    }
    const { state, code, detail } = stopReason(error);
    if (code === 'internal') this.logger.error(error);
    const finishedAt = state === 'failed' ? new Date().toISOString() : null;
    this.register.become(id, state, { verifiedBytes, resumedBytes, errorCode: code, errorDetail: detail, finishedAt });
    if (state === 'waiting-for-peer' && this.isPeerNewsUnlikely(row.peerId)) this.retryLater(id);
  }

  /** What is complete or staged of a transfer that no run owns. */
  private bytesOnDisk(id: string): number {
    const staged = this.repository
      .unfinishedPositions(id)
      .map((position) => this.store.staging.stagedBytes(stagingKey({ transferId: id, position })));
    return staged.reduce((sum, bytes) => sum + bytes, this.repository.sums(id).completeBytes);
  }

  /** A peer that is here will not come online, and one that was removed neither: nothing else would wake the transfer. */
  private isPeerNewsUnlikely(peerId: string): boolean {
    return !this.peers.isPaired(peerId) || this.peers.onlineSessions().some((session) => session.peerId === peerId);
  }

  private retryLater(id: string): void {
    const timer = setTimeout(() => {
      this.retries.delete(timer);
      this.requeue([id]);
    }, RETRY_MS);
    this.retries.add(timer);
  }

  private requeue(ids: readonly string[]): void {
    for (const id of ids)
      if (this.repository.find(id)?.state === 'waiting-for-peer') this.register.become(id, 'queued');
    this.fill();
  }
}
