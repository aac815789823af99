import { LiveAnnouncer } from '@angular/cdk/a11y';
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  output,
  signal,
  untracked,
} from '@angular/core';
import type { Pairing } from '@ferry/protocol';
import { formatCountdown } from '../format/format-countdown';
import { secondsLeft } from '../format/seconds-left';
import { sentenceOf } from '../http/sentence-of';
import { EventStream } from '../live/event-stream';
import { CopyButton } from '../ui/copy-button';
import { ErrorState } from '../ui/error-state';
import { PeersStore } from '../peers/peers-store';
import { PairedNote } from './paired-note';
import { PairingsApi } from './pairings-api';
import { PairingsStore } from './pairings-store';
import { QrCode } from './qr-code';

@Component({
  selector: 'app-show-invitation',
  imports: [CopyButton, ErrorState, PairedNote, QrCode],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './show-invitation.html',
})
export class ShowInvitation {
  private readonly api = inject(PairingsApi);
  private readonly store = inject(PairingsStore);
  private readonly announcer = inject(LiveAnnouncer);
  private readonly peers = inject(PeersStore);

  readonly closed = output<void>();
  private hide: () => void = () => undefined;

  protected readonly pairing = signal<Pairing | null>(null);
  protected readonly error = signal<string | null>(null);
  private readonly left = secondsLeft(() => this.pairing()?.expiresAt);
  protected readonly countdown = computed(() => formatCountdown(this.left()));
  protected readonly phase = computed(() => {
    const pairing = this.pairing();
    if (!pairing) return this.error() ? 'failed' : 'loading';
    if (pairing.state === 'paired') return 'paired';
    return pairing.state === 'open' && this.left() > 0 ? 'open' : 'over';
  });

  constructor() {
    const stop = inject(EventStream).on('pairings.changed', (changed) => this.apply(changed));
    inject(DestroyRef).onDestroy(() => {
      stop();
      this.hide();
    });
    effect(() => {
      if (this.phase() === 'paired') untracked(() => void this.announcer.announce(this.pairedText()));
      if (this.phase() === 'over') untracked(() => void this.announcer.announce('The invitation is no longer valid.'));
    });
    void this.invite();
  }

  private pairedText(): string {
    const id = this.pairing()?.peerId;
    return `Paired with ${id === undefined ? 'the other device' : this.peers.nameOf(id)}`;
  }

  protected async invite(): Promise<void> {
    this.pairing.set(null);
    this.error.set(null);
    try {
      const pairing = await this.api.invite();
      this.hide();
      this.hide = this.store.show(pairing.id);
      this.pairing.set(pairing);
    } catch (error) {
      this.error.set(sentenceOf(error));
    }
  }

  private apply(changed: Pairing): void {
    const shown = this.pairing();
    if (shown?.id === changed.id) this.pairing.set({ ...shown, ...changed, uri: changed.uri ?? shown.uri });
  }
}
