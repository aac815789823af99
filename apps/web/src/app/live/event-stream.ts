import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import type { NodeEventEnvelope, NodeEventType, NodeEvents } from '@ferry/protocol';
import { apiUrl } from '../http/api-url';
import { EVENT_SOURCE_FACTORY } from './event-source-factory';
import { EVENT_TYPES } from './event-types';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'offline';

const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 10_000;
/** Without a connection for so long, the pill says Offline. */
const OFFLINE_AFTER_MS = 8000;

type Listener<T extends NodeEventType> = (data: NodeEvents[T]) => void;

/**
 * The page's one stream of live events. It reconnects by itself; listeners hear of a gap by `resync`, on which
 * they read again what they show. The first connection counts as a gap: something may have happened between a
 * store's first request and the opening of the stream.
 */
@Injectable({ providedIn: 'root' })
export class EventStream {
  private readonly open = inject(EVENT_SOURCE_FACTORY);
  private readonly status = signal<LiveState>('connecting');
  private readonly listeners = new Map<NodeEventType, Set<Listener<never>>>();
  private source: EventSource | undefined;
  private epoch: string | undefined;
  private retryMs = FIRST_RETRY_MS;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private offlineTimer: ReturnType<typeof setTimeout> | undefined;

  readonly state = this.status.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  /** Hears one type of event until the returned function is called. */
  on<T extends NodeEventType>(type: T, listener: Listener<T>): () => void {
    const heard = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, heard.add(listener));
    return () => heard.delete(listener);
  }

  /** Connects, or connects again at once when a connection is missing. */
  connect(): void {
    if (this.source && this.status() === 'live') return;
    this.closeSource();
    const source = this.open(apiUrl('events'));
    this.source = source;
    source.onerror = () => this.lost(source);
    for (const type of EVENT_TYPES) {
      source.addEventListener(type, (event) => this.receive(type, event));
    }
  }

  stop(): void {
    this.closeSource();
    clearTimeout(this.offlineTimer);
    this.offlineTimer = undefined;
  }

  private receive(type: NodeEventType, event: MessageEvent<string>): void {
    const { data } = JSON.parse(event.data) as NodeEventEnvelope;
    if (type === 'node.hello') this.welcome(data as NodeEvents['node.hello']);
    this.emit(type, data);
  }

  private welcome({ epoch }: NodeEvents['node.hello']): void {
    const missed = epoch !== this.epoch;
    this.epoch = epoch;
    this.retryMs = FIRST_RETRY_MS;
    clearTimeout(this.offlineTimer);
    this.offlineTimer = undefined;
    this.status.set('live');
    if (missed) this.emit('resync', {});
  }

  private emit(type: NodeEventType, data: NodeEvents[NodeEventType]): void {
    for (const listener of this.listeners.get(type) ?? []) listener(data as never);
  }

  private lost(source: EventSource): void {
    if (source !== this.source) return;
    if (this.status() !== 'offline') this.status.set('reconnecting');
    this.offlineTimer ??= setTimeout(() => this.status.set('offline'), OFFLINE_AFTER_MS);
    // After an HTTP error the browser gives up; after a broken connection it tries again by itself, with the last event's id.
    if (source.readyState !== EventSource.CLOSED) return;
    this.closeSource();
    this.epoch = undefined; // a new EventSource asks for no replay: what was missed is missed
    this.retryTimer = setTimeout(() => this.connect(), this.retryMs);
    this.retryMs = Math.min(MAX_RETRY_MS, this.retryMs * 2);
  }

  private closeSource(): void {
    clearTimeout(this.retryTimer);
    this.source?.close();
    this.source = undefined;
  }
}
