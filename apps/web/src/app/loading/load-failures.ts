import { DOCUMENT, ErrorHandler, Injectable, inject } from '@angular/core';
import { EventStream } from '../live/event-stream';
import { ToastStore } from '../toasts/toast-store';
import { isLoadFailure } from './is-load-failure';

/** Tells the user that code, which is fetched when it is needed first, did not come. */
@Injectable({ providedIn: 'root' })
export class LoadFailures {
  private readonly stream = inject(EventStream);
  private readonly toasts = inject(ToastStore);
  private readonly errors = inject(ErrorHandler);
  private readonly window = inject(DOCUMENT).defaultView;

  /**
   * @param retry wants the same thing once more; left out where the user can do so.
   */
  report(error: unknown, what: 'page' | 'dialog', retry?: () => void): void {
    if (!isLoadFailure(error)) {
      this.errors.handleError(error);
      this.toasts.danger(`This ${what} could not be opened. Reload the window and try again.`);
    } else if (this.stream.state() === 'live') {
      const reload = { label: 'Reload', run: () => this.window?.location.reload() };
      this.toasts.danger(`This ${what} could not be loaded: Ferry may have been updated. Reload the window.`, reload);
    } else {
      const text = `This ${what} could not be loaded: the node does not answer. Try again when it is back.`;
      this.toasts.danger(text, retry && { label: 'Try again', run: retry });
    }
  }
}
