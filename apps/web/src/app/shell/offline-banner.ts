import { ChangeDetectionStrategy, Component, inject, linkedSignal } from '@angular/core';
import { EventStream } from '../live/event-stream';

/** Says since when the page shows old data, and what goes on meanwhile. */
@Component({
  selector: 'app-offline-banner',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (stream.state() === 'offline') {
      <div class="alert alert-warning d-flex flex-wrap align-items-center gap-2 py-2" data-testid="offline-banner">
        <i class="bi bi-wifi-off" aria-hidden="true"></i>
        <span class="me-auto">
          The node does not answer. What you see may be older than {{ since() }}. Transfers go on in the node as long as
          it runs.
        </span>
        <button type="button" class="btn btn-sm btn-quiet" (click)="stream.connect()">Try now</button>
      </div>
    }
  `,
})
export class OfflineBanner {
  protected readonly stream = inject(EventStream);
  protected readonly since = linkedSignal({
    source: this.stream.state,
    computation: () => new Date().toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }),
  });
}
