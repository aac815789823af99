import {
  DOCUMENT,
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  inject,
} from '@angular/core';

/** Read by the styles of what must stay above the bar. */
const HEIGHT_PROPERTY = '--ferry-bar-height';

/** What can be done with the chosen rows, at the bottom of the window; messages and focused rows stay above it. */
@Component({
  selector: 'app-selection-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'selection-bar', role: 'region', 'aria-label': 'Selected files' },
  template: `
    <div class="card">
      <div class="card-body d-flex flex-wrap align-items-center gap-2 px-3 py-2"><ng-content /></div>
    </div>
  `,
})
export class SelectionBar {
  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const { style } = inject(DOCUMENT).documentElement;
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const observer = new ResizeObserver(() => style.setProperty(HEIGHT_PROPERTY, `${element.offsetHeight}px`));
      observer.observe(element);
      destroyed.onDestroy(() => {
        observer.disconnect();
        style.removeProperty(HEIGHT_PROPERTY);
      });
    });
  }
}
