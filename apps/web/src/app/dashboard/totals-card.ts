import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { NodeStatus } from '@ferry/protocol';
import { BytesPipe } from '../format/bytes-pipe';
import { StorageMeter } from './storage-meter';

@Component({
  selector: 'app-totals-card',
  imports: [BytesPipe, StorageMeter],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card h-100" aria-labelledby="storage-title">
      <div class="card-body">
        <div class="card-heading mb-3"><h2 id="storage-title" class="mb-0">Storage</h2></div>
        <app-storage-meter class="d-block mb-3" [storage]="status().storage" />
        <dl class="stat-list">
          <dt>Shared</dt>
          <dd class="numeric">{{ status().totals.sharedFiles }} · {{ status().totals.sharedBytes | bytes }}</dd>
          <dt>Received</dt>
          <dd class="numeric">{{ status().totals.receivedFiles }} · {{ status().totals.receivedBytes | bytes }}</dd>
        </dl>
      </div>
    </section>
  `,
})
export class TotalsCard {
  readonly status = input.required<NodeStatus>();
}
