import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** The heading of a page with its actions as content. */
@Component({
  selector: 'app-page-header',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="d-flex flex-wrap align-items-center gap-2 mb-4">
      <div class="me-auto min-w-0">
        <h1 class="mb-0 text-break">{{ heading() }}</h1>
        @if (text()) {
          <p class="text-body-secondary mb-0">{{ text() }}</p>
        }
      </div>
      <ng-content />
    </div>
  `,
})
export class PageHeader {
  readonly heading = input.required<string>();
  readonly text = input('');
}
