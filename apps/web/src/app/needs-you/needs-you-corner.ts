import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterLink } from '@angular/router';
import { filter, map } from 'rxjs';
import { PairingsStore } from '../pairing/pairings-store';
import { NeedsYou } from './needs-you';
import { NeedsYouList } from './needs-you-list';

/** One request in the corner of every page that does not show them itself, and the way to the others. */
@Component({
  selector: 'app-needs-you-corner',
  imports: [NeedsYouList, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isShown()) {
      @defer {
        <section class="dock needs-you-dock" aria-label="Needs you" data-testid="needs-you-corner">
          <header class="d-flex align-items-center gap-1 p-1 ps-3">
            <span class="fw-semibold me-auto numeric" data-testid="needs-you-count">{{ waiting() }} waiting</span>
            <button
              type="button"
              class="btn btn-icon"
              [attr.aria-label]="needs.isCollapsed() ? 'Show what waits for you' : 'Hide what waits for you'"
              [attr.aria-expanded]="!needs.isCollapsed()"
              (click)="needs.toggle()"
            >
              <i class="bi" [class]="needs.isCollapsed() ? 'bi-chevron-up' : 'bi-chevron-down'" aria-hidden="true"></i>
            </button>
          </header>
          @if (!needs.isCollapsed()) {
            <div class="dock-list px-3 pt-1 pb-3" tabindex="0" role="group" aria-label="The newest request">
              <app-needs-you-list [showPairings]="showPairings()" [max]="1" />
            </div>
            @if (waiting() > 1) {
              <a class="needs-you-more" routerLink="/" data-testid="needs-you-more"
                >and {{ waiting() - 1 }} more<span class="visually-hidden">, all on the dashboard</span></a
              >
            }
          }
        </section>
      }
    }
  `,
})
export class NeedsYouCorner {
  protected readonly needs = inject(NeedsYou);
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
  protected readonly waiting = computed(
    () => (this.showPairings() ? this.needs.pairings().length : 0) + this.needs.incomingOffers().length,
  );
  /** The dashboard has a card for them. */
  protected readonly isShown = computed(() => this.path() !== '/' && this.waiting() > 0);
}

function pathOf(url: string): string {
  return url.replace(/[?#].*$/, '');
}
