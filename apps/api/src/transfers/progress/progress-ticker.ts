import type { TransferProgressItem } from '@ferry/protocol';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { EventsService } from '../../events/events.service';
import { TransferQueue } from '../transfer-queue';
import { TransfersRepository } from '../transfers.repository';
import type { TransferMeter } from './transfer-meter';

/** Four batches a second: smooth to look at, and cheap however many transfers run. */
const TICK_MS = 250;

/** Publishes `transfers.progress` while something moves, and takes the speed samples. */
@Injectable()
export class ProgressTicker implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private readonly told = new WeakMap<TransferMeter, string>();

  constructor(
    private readonly queue: TransferQueue,
    private readonly repository: TransfersRepository,
    private readonly events: EventsService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const items = this.queue.meters().flatMap(([id, meter]) => this.news(id, meter));
    if (items.length > 0) this.events.publish('transfers.progress', { items });
  }

  private news(id: string, meter: TransferMeter): TransferProgressItem[] {
    meter.sample();
    const seen = `${meter.doneBytes} ${meter.verifiedBytes} ${meter.bytesPerSecond}`;
    if (this.told.get(meter) === seen) return [];
    this.told.set(meter, seen);
    const totalBytes = this.repository.find(id)?.totalBytes ?? 0;
    return [[id, meter.doneBytes, meter.bytesPerSecond, meter.etaSeconds(totalBytes) ?? null, meter.verifiedBytes]];
  }
}
