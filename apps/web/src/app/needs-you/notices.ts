import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Injectable, inject } from '@angular/core';
import type { Offer, Pairing } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { shownName } from '../format/shown-name';
import { EventStream } from '../live/event-stream';
import { PairingsStore } from '../pairing/pairings-store';
import { PeersStore } from '../peers/peers-store';
import { ToastStore } from '../toasts/toast-store';

/** Tells of what happens to pairings and offers while no dialog shows them. */
@Injectable({ providedIn: 'root' })
export class Notices {
  private readonly stream = inject(EventStream);
  private readonly pairings = inject(PairingsStore);
  private readonly peers = inject(PeersStore);
  private readonly toasts = inject(ToastStore);
  private readonly announcer = inject(LiveAnnouncer);
  /** What goes on, by id: only a change of state is news. */
  private readonly known = new Map<string, string>();

  start(): void {
    this.stream.on('pairings.changed', (pairing) => this.hearPairing(pairing));
    this.stream.on('offers.added', (offer) => this.hearOffer(offer));
    this.stream.on('offers.changed', (offer) => this.hearOffer(offer));
  }

  private hearPairing(pairing: Pairing): void {
    const { id, state, direction, peerId, peerName, error } = pairing;
    const before = this.change(id, state, state === 'open' || state === 'comparing');
    if (before === state || this.pairings.isHandled(id)) return;
    const name = (peerId && this.peers.find(peerId)?.name) || shownName(peerName ?? 'another device');
    if (state === 'comparing' && direction === 'in') this.announce(`${name} asks to pair.`);
    if (before === undefined) return;
    if (state === 'paired') this.toasts.success(`Paired with ${name}`);
    if (before === 'comparing' && state === 'failed') this.toasts.danger(`Not paired with ${name}. ${error ?? ''}`);
    if (before === 'comparing' && state === 'expired')
      this.toasts.danger(`Not paired with ${name}: nobody compared in time.`);
  }

  private hearOffer({ id, state, direction, peerId, files }: Offer): void {
    const before = this.change(id, state, state === 'waiting' || state === 'queued');
    if (before === state) return;
    const name = this.peers.nameOf(peerId);
    const what = formatCount(files.count, 'file');
    if (direction === 'in' && state === 'waiting') this.announce(`${name} wants to send ${what}.`);
    if (direction === 'in' || before === undefined) return;
    if (state === 'accepted') this.toasts.success(`${name} accepted ${what}`);
    if (state === 'declined') this.toasts.danger(`${name} declined ${what}`);
    if (state === 'expired') this.toasts.danger(`${name} did not answer your offer of ${what} in time`);
  }

  /** @returns the state before. */
  private change(id: string, state: string, goesOn: boolean): string | undefined {
    const before = this.known.get(id);
    if (goesOn) this.known.set(id, state);
    else this.known.delete(id);
    return before;
  }

  private announce(text: string): void {
    void this.announcer.announce(text, 'polite');
  }
}
