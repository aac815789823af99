import { FileStore } from '@ferry/file-store';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { transferOf } from './transfer-rows';
import { TransfersRepository } from './transfers.repository';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Sees to it, at start and daily, that nothing stays staged for transfers that are over, whatever crash left it. */
@Injectable()
export class StagingTidy implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(StagingTidy.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: TransfersRepository,
    private readonly store: FileStore,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tidy(), DAY_MS).unref();
    void this.tidy();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async tidy(): Promise<void> {
    try {
      await this.store.staging.forgetUnwanted((key) => this.isWanted(key));
    } catch (error) {
      this.logger.warn({ err: error }, 'what transfers left behind could not be removed');
    }
  }

  /** A failed one can be tried again. */
  private isWanted(key: string): boolean {
    const state = this.repository.find(transferOf(key))?.state;
    return state !== undefined && !['complete', 'cancelled', 'declined'].includes(state);
  }
}
