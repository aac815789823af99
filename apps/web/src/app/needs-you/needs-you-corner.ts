import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router } from '@angular/router';
import { filter, map } from 'rxjs';
import { PairingsStore } from '../pairing/pairings-store';
import { NeedsYou } from './needs-you';
import { NeedsYouList } from './needs-you-list';

/** Requests in the corner of every page that does not show them itself. */
@Component({
  selector: 'app-needs-you-corner',
  imports: [NeedsYouList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isShown()) {
      @defer {
        <section class="dock p-3" aria-label="Needs you" data-testid="needs-you-corner">
          <app-needs-you-list [showPairings]="showPairings()" />
        </section>
      }
    }
  `,
})
export class NeedsYouCorner {
  private readonly needs = inject(NeedsYou);
  private readonly pairings = inject(PairingsStore);
  private readonly router = inject(Router);
  private readonly path = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(() => pathOf(this.router.url)),
    ),
    { initialValue: pathOf(this.router.url) },
  );

  /** The page of the peers lists its requests at its top, and the pair dialog shows them itself. */
  protected readonly showPairings = computed(() => this.path() !== '/peers' && !this.pairings.isDialogOpen());
  protected readonly isShown = computed(() => {
    if (this.path() === '/') return false; // the dashboard has a card for them
    const pairings = this.showPairings() ? this.needs.pairings().length : 0;
    return pairings + this.needs.incomingOffers().length > 0;
  });
}

function pathOf(url: string): string {
  return url.replace(/[?#].*$/, '');
}
