import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { ToastStore } from './toast-store';

@Component({
  selector: 'app-toast-stack',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="toast-stack" role="region" aria-label="Messages">
      @for (toast of store.toasts(); track toast.id) {
        <div
          class="toast show d-flex align-items-center gap-2 p-2 ps-3 mw-100"
          data-testid="toast"
          [attr.data-tone]="toast.tone"
          (pointerenter)="store.hold(toast.id)"
          (pointerleave)="store.release(toast)"
          (focusin)="store.hold(toast.id)"
          (focusout)="store.release(toast)"
        >
          <i
            class="bi"
            [class]="
              toast.tone === 'success'
                ? 'bi-check-circle-fill tone-success'
                : 'bi-exclamation-triangle-fill tone-danger'
            "
            aria-hidden="true"
          ></i>
          <span class="flex-grow-1 text-break">{{ toast.text }}</span>
          @if (toast.action; as action) {
            <button type="button" class="btn btn-sm btn-quiet" (click)="store.act(toast)">{{ action.label }}</button>
          }
          <button type="button" class="btn btn-icon" aria-label="Dismiss message" (click)="store.dismiss(toast.id)">
            <i class="bi bi-x-lg" aria-hidden="true"></i>
          </button>
        </div>
      }
    </div>
  `,
})
export class ToastStack {
  protected readonly store = inject(ToastStore);
}
