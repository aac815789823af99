import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  inject,
  input,
  output,
} from '@angular/core';

/** The end of a list that has more: reads on when it comes into view; a button for those who do not scroll. */
@Component({
  selector: 'app-load-more',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="text-center p-3 border-top">
      <button type="button" class="btn btn-quiet" [attr.aria-disabled]="busy()" (click)="wanted.emit()">
        @if (busy()) {
          <span class="spinner-border spinner-border-sm me-2" aria-hidden="true"></span>Loading…
        } @else {
          Load more
        }
      </button>
    </div>
  `,
})
export class LoadMore {
  readonly busy = input.required<boolean>();
  readonly wanted = output<void>();

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      if (typeof IntersectionObserver === 'undefined') return;
      const observer = new IntersectionObserver(
        (entries) => {
          if (entries.some(({ isIntersecting }) => isIntersecting)) this.wanted.emit();
        },
        { rootMargin: '300px' },
      );
      observer.observe(element);
      destroyed.onDestroy(() => observer.disconnect());
    });
  }
}
