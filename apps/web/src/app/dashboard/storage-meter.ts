import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { NodeStatus } from '@ferry/protocol';
import { BytesPipe } from '../format/bytes-pipe';
import { percentOf } from '../ui/percent-of';
import { ProgressBar } from '../ui/progress-bar';

const NEARLY_FULL_PERCENT = 95;

/** How full the disk of the received files is. */
@Component({
  selector: 'app-storage-meter',
  imports: [BytesPipe, ProgressBar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-progress-bar label="Disk used" [percent]="percent()" [tone]="isNearlyFull() ? 'danger' : 'primary'" />
    <div class="small text-body-secondary mt-2 numeric">
      {{ storage().freeBytes | bytes }} free of {{ storage().totalBytes | bytes }}
    </div>
  `,
})
export class StorageMeter {
  readonly storage = input.required<NodeStatus['storage']>();

  protected readonly percent = computed(() => {
    const { freeBytes, totalBytes } = this.storage();
    return percentOf(totalBytes - freeBytes, totalBytes);
  });
  protected readonly isNearlyFull = computed(() => this.percent() >= NEARLY_FULL_PERCENT);
}
