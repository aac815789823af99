import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { NodeEventType, NodeStatus } from '@ferry/protocol';
import { sentenceOf } from '../http/sentence-of';
import { EventStream } from '../live/event-stream';
import { StatusApi } from './status-api';

/** After these the totals may differ. */
const CHANGING: readonly NodeEventType[] = [
  'resync',
  'files.added',
  'files.removed',
  'peers.added',
  'peers.changed',
  'peers.removed',
  'transfers.added',
  'transfers.changed',
  'transfers.removed',
];

/** Many events come at once when a folder is added: one request answers them all. */
const GATHER_MS = 400;

/** This device: name, ports, limits, storage, totals. */
@Injectable({ providedIn: 'root' })
export class StatusStore {
  private readonly api = inject(StatusApi);
  private readonly value = signal<NodeStatus | null>(null);
  private readonly failure = signal<string | null>(null);
  private gathering: ReturnType<typeof setTimeout> | undefined;

  readonly status = this.value.asReadonly();
  readonly error = this.failure.asReadonly();
  readonly deviceName = computed(() => this.value()?.device.name ?? 'This device');

  constructor() {
    const stream = inject(EventStream);
    const stops = CHANGING.map((type) => stream.on(type, () => this.loadSoon()));
    inject(DestroyRef).onDestroy(() => {
      stops.forEach((stop) => stop());
      clearTimeout(this.gathering);
    });
  }

  async load(): Promise<void> {
    try {
      this.value.set(await this.api.read());
      this.failure.set(null);
    } catch (error) {
      this.failure.set(sentenceOf(error));
    }
  }

  private loadSoon(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      void this.load();
    }, GATHER_MS);
  }
}
