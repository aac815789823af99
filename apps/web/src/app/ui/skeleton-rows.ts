import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Grey rows while a list is loading. They appear after a moment, so that a fast answer does not flicker. */
@Component({
  selector: 'app-skeleton-rows',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="rows p-3" role="status">
      <span class="visually-hidden">Loading</span>
      @for (row of list(); track row) {
        <div class="d-flex align-items-center gap-3 py-2 placeholder-glow" aria-hidden="true">
          <span class="placeholder square"></span>
          <span class="placeholder line"></span>
        </div>
      }
    </div>
  `,
  styles: `
    .rows {
      animation: appear 0.2s 0.15s both;
    }
    .square {
      width: 2.25rem;
      height: 2.25rem;
      border-radius: var(--bs-border-radius);
    }
    .line {
      flex: 1;
      height: 0.875rem;
      border-radius: 1rem;
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
  `,
})
export class SkeletonRows {
  readonly rows = input(5);

  protected readonly list = computed(() => Array.from({ length: this.rows() }, (_, index) => index));
}
