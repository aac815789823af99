import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { FileStore } from '@ferry/file-store';
import { EventsService } from '../events/events.service';
import { ReadinessService } from '../health/readiness.service';

/** Tells the rest of the node what happens in the file store, and closes it at the end. */
@Injectable()
export class ShareNews implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(ShareNews.name);
  private unsubscribe?: () => void;

  constructor(
    private readonly store: FileStore,
    private readonly events: EventsService,
    private readonly readiness: ReadinessService,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.store.entries.onChange((change) => {
      if (change.type === 'removed') {
        this.events.publish('files.removed', { id: change.id, scope: change.scope });
      } else {
        this.events.publish(`files.${change.type}`, change.entry);
      }
    });
    this.store.firstScan.then(
      () => this.readiness.mark('share'),
      (error: unknown) => this.logger.error({ err: error }, 'the share cannot be read'),
    );
  }

  /** After everything that uses the store was told to end, and before the database closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe?.();
    await this.store.close();
  }
}
