import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  type OnInit,
  afterRenderEffect,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { formatCountdown } from '../format/format-countdown';
import { secondsLeft } from '../format/seconds-left';
import { shownName } from '../format/shown-name';
import { sentenceOf } from '../http/sentence-of';
import { PeersStore } from '../peers/peers-store';
import { comparisonPhase } from './comparison-phase';
import { PairedNote } from './paired-note';
import { PairingsStore } from './pairings-store';
import { SasView } from './sas-view';

/** One comparison from its first number to its end. The heading takes the focus at each step, so no key answers by accident. */
@Component({
  selector: 'app-comparison',
  imports: [PairedNote, SasView],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './comparison.html',
})
export class Comparison implements OnInit {
  private readonly store = inject(PairingsStore);
  private readonly peers = inject(PeersStore);
  private readonly destroyed = inject(DestroyRef);
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');

  readonly pairingId = input.required<string>();
  /** The user has seen the end, or does not want to go on. */
  readonly closed = output<void>();

  protected readonly pairing = computed(() => this.store.find(this.pairingId()));
  protected readonly saidDiffer = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly error = signal<string | null>(null);
  private readonly left = secondsLeft(() => this.pairing()?.expiresAt);
  protected readonly countdown = computed(() => formatCountdown(this.left()));
  protected readonly phase = computed(() => comparisonPhase(this.pairing(), this.saidDiffer(), this.left()));
  protected readonly isOpen = computed(() => ['connecting', 'compare', 'waiting'].includes(this.phase()));
  protected readonly name = computed(() => {
    const { peerId, peerName } = this.pairing() ?? {};
    return shownName((peerId && this.peers.find(peerId)?.name) || peerName || 'the other device');
  });
  protected readonly reason = computed(
    () => this.pairing()?.error ?? 'This comparison is over, and nothing was shared.',
  );

  constructor() {
    afterRenderEffect(() => {
      this.phase();
      this.heading()?.nativeElement.focus();
    });
  }

  ngOnInit(): void {
    this.destroyed.onDestroy(this.store.show(this.pairingId()));
  }

  protected async answer(match: boolean): Promise<void> {
    await this.attempt(() => this.store.confirm(this.pairingId(), match));
    if (!match && this.error() === null) this.saidDiffer.set(true);
  }

  protected async cancel(): Promise<void> {
    await this.attempt(() => this.store.cancel(this.pairingId()));
    if (this.error() === null) this.closed.emit();
  }

  private async attempt(deed: () => Promise<void>): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    this.error.set(null);
    try {
      await deed();
    } catch (error) {
      this.error.set(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
