import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { ClaimPairingRequest, Pairing, PairingMode } from '@ferry/protocol';
import { EventStream } from '../live/event-stream';
import { PairingsApi } from './pairings-api';

/** The pairings of the last minutes and whether devices may ask for one, for the whole page. */
@Injectable({ providedIn: 'root' })
export class PairingsStore {
  private readonly api = inject(PairingsApi);
  private readonly byId = signal<ReadonlyMap<string, Pairing>>(new Map());
  private readonly currentMode = signal<PairingMode>({ open: false });
  private readonly dialogOpen = signal(false);
  private readonly muted = new Set<string>();
  private readonly onScreen = signal<ReadonlySet<string>>(new Set());

  readonly mode = this.currentMode.asReadonly();
  /** The pair dialog is open: it shows what waits. */
  readonly isDialogOpen = this.dialogOpen.asReadonly();
  /** Comparisons that wait for the user: not those that a dialog shows. */
  readonly waiting = computed(() =>
    [...this.byId().values()].filter(({ id, state }) => state === 'comparing' && !this.onScreen().has(id)),
  );

  constructor() {
    const stream = inject(EventStream);
    const stops = [
      stream.on('pairings.changed', (pairing) => this.apply(pairing)),
      stream.on('pairing-mode.changed', (mode) => this.currentMode.set(mode)),
      stream.on('resync', () => void this.load()),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  /** Keeps what it has when the node does not answer: it reads again as soon as the stream is back. */
  async load(): Promise<void> {
    const [pairings, mode] = await Promise.allSettled([this.api.list(), this.api.mode()]);
    if (pairings.status === 'fulfilled') this.byId.set(new Map(pairings.value.items.map((one) => [one.id, one])));
    if (mode.status === 'fulfilled') this.currentMode.set(mode.value);
  }

  /** The pairing as a signal value: read inside computed or template. */
  find(id: string): Pairing | undefined {
    return this.byId().get(id);
  }

  /** The pair dialog is open until the returned function is called. */
  openDialog(): () => void {
    this.dialogOpen.set(true);
    return () => this.dialogOpen.set(false);
  }

  /** The user ends this pairing here: nobody has to be told of its end, unless the returned function is called. */
  mute(id: string): () => void {
    this.muted.add(id);
    return () => this.muted.delete(id);
  }

  /** Whether a dialog shows it, or the user has ended it here: nobody has to be told of its end. */
  isHandled(id: string): boolean {
    return this.onScreen().has(id) || this.muted.has(id);
  }

  /** A dialog shows this pairing until the returned function is called. */
  show(id: string): () => void {
    this.onScreen.update((ids) => new Set(ids).add(id));
    return () => this.onScreen.update((ids) => new Set([...ids].filter((one) => one !== id)));
  }

  async claim(request: ClaimPairingRequest): Promise<Pairing> {
    return this.apply(await this.api.claim(request));
  }

  async confirm(id: string, match: boolean): Promise<void> {
    this.apply(await this.api.confirm(id, match));
  }

  async cancel(id: string): Promise<void> {
    const unmute = this.mute(id);
    try {
      await this.api.cancel(id);
    } catch (error) {
      unmute();
      throw error;
    }
    this.byId.update((pairings) => new Map([...pairings].filter(([known]) => known !== id)));
  }

  async setMode(open: boolean): Promise<void> {
    this.currentMode.set(await this.api.setMode(open));
  }

  private apply(pairing: Pairing): Pairing {
    this.byId.update((pairings) => new Map(pairings).set(pairing.id, pairing));
    return pairing;
  }
}
