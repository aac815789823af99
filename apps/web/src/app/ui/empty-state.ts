import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** What a place says when it holds nothing: an icon, a heading, a sentence, and what to do (as content). */
@Component({
  selector: 'app-empty-state',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="text-center px-4 py-5" data-testid="empty-state">
      <span class="file-glyph mx-auto mb-3 empty-glyph"><i class="bi" [class]="icon()" aria-hidden="true"></i></span>
      <p class="fs-5 fw-semibold mx-auto mb-1">{{ heading() }}</p>
      <p class="text-body-secondary mx-auto mb-3">{{ text() }}</p>
      <div class="d-flex flex-wrap justify-content-center gap-2"><ng-content /></div>
    </div>
  `,
  styles: `
    .empty-glyph {
      width: 3.5rem;
      height: 3.5rem;
      border-radius: 1rem;
      font-size: 1.5rem;
    }
    p {
      max-width: 30rem;
    }
  `,
})
export class EmptyState {
  readonly icon = input.required<string>();
  readonly heading = input.required<string>();
  readonly text = input('');
}
