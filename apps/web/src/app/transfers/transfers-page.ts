import { ChangeDetectionStrategy, Component, computed, effect, inject, input, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Transfer, TransferState } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { formatSpeed } from '../format/format-speed';
import { OutgoingOffers } from '../offers/outgoing-offers';
import { ToastStore } from '../toasts/toast-store';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { LoadMore } from '../ui/load-more';
import { PageHeader } from '../ui/page-header';
import { SkeletonRows } from '../ui/skeleton-rows';
import { TransferActions } from './transfer-actions';
import { ACTIVE_STATES, isFinal } from './transfer-look';
import { type TransferAction, TransferRow } from './transfer-row';
import { TransfersList } from './transfers-list';
import { TransfersStore } from './transfers-store';

interface Tab {
  readonly show: string;
  readonly label: string;
  readonly states?: readonly TransferState[];
  readonly empty: string;
}

const TABS = [
  { show: 'all', label: 'All', empty: 'No transfers yet' },
  { show: 'active', label: 'Active', states: ACTIVE_STATES, empty: 'Nothing is moving' },
  { show: 'complete', label: 'Complete', states: ['complete'], empty: 'Nothing completed yet' },
  { show: 'failed', label: 'Failed', states: ['failed', 'cancelled', 'declined'], empty: 'Nothing failed' },
] as const satisfies readonly Tab[];

@Component({
  selector: 'app-transfers-page',
  imports: [EmptyState, ErrorState, LoadMore, OutgoingOffers, PageHeader, RouterLink, SkeletonRows, TransferRow],
  providers: [TransfersList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './transfers-page.html',
})
export class TransfersPage {
  private readonly actions = inject(TransferActions);
  private readonly store = inject(TransfersStore);
  private readonly toasts = inject(ToastStore);
  protected readonly list = inject(TransfersList);

  /** Query parameter: which tab. */
  readonly show = input<string>();

  protected readonly tabs = TABS;
  protected readonly tab = computed((): Tab => TABS.find(({ show }) => show === this.show()) ?? TABS[0]);
  protected readonly finished = computed(() => this.list.transfers().filter(isFinal));
  protected readonly activeCount = this.store.activeCount;
  protected readonly summary = computed(() => {
    const speed = this.store.bytesPerSecond();
    if (this.activeCount() === 0) return '';
    return `${formatCount(this.activeCount(), 'active transfer')}${speed > 0 ? `, ${formatSpeed(speed)}` : ''}`;
  });

  constructor() {
    effect(() => {
      const { states } = this.tab();
      untracked(() => void this.list.show(states));
    });
  }

  protected async act(action: TransferAction, transfer: Transfer): Promise<void> {
    const worked = await this.actions.run(action, transfer);
    if (worked && action === 'remove') this.list.remove(transfer.id);
  }

  protected clearFinished(): void {
    const ids = this.finished().map(({ id }) => id);
    this.list.hide(ids);
    this.toasts.undoable(
      `Cleared ${formatCount(ids.length, 'finished transfer')}`,
      () => this.list.unhide(ids),
      () => void this.actions.clear(ids),
    );
  }
}
