import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

/** A list or card that could not be read, with a way to try again. */
@Component({
  selector: 'app-error-state',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="text-center px-4 py-5" role="alert" data-testid="error-state">
      <i class="bi bi-exclamation-triangle fs-2 tone-danger" aria-hidden="true"></i>
      <p class="my-3 text-break">{{ text() }}</p>
      <button type="button" class="btn btn-quiet" (click)="retried.emit()">Try again</button>
    </div>
  `,
})
export class ErrorState {
  readonly text = input.required<string>();
  readonly retried = output<void>();
}
