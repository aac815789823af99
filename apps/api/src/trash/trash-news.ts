import { FileStore } from '@ferry/file-store';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventsService } from '../events/events.service';
import { coalesce } from '../peers/coalesce';

/** However many files are deleted in one go. */
const NEWS_INTERVAL_MS = 250;

/** Tells the UI that something changed in the trash, a few times a second at most. */
@Injectable()
export class TrashNews implements OnModuleInit, OnModuleDestroy {
  private readonly tell = coalesce(() => this.events.publish('trash.changed', {}), NEWS_INTERVAL_MS);
  private unsubscribe?: () => void;

  constructor(
    private readonly store: FileStore,
    private readonly events: EventsService,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.store.trashBin.onChange(this.tell);
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
    this.tell.stop();
  }
}
