import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { shownName } from '../format/shown-name';
import { SpeedPipe } from '../format/speed-pipe';
import { TRANSFER_LOOKS } from '../transfers/transfer-look';
import { TransfersStore } from '../transfers/transfers-store';
import { percentOf } from '../ui/percent-of';
import { ProgressBar } from '../ui/progress-bar';

const SHOWN = 4;

@Component({
  selector: 'app-active-card',
  imports: [ProgressBar, RouterLink, SpeedPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card h-100" aria-labelledby="active-title">
      <div class="card-body">
        <div class="card-heading mb-2">
          <h2 id="active-title" class="mb-0">Active transfers</h2>
          <a class="small py-1" routerLink="/transfers">All transfers</a>
        </div>
        <ul class="list-unstyled mb-0">
          @for (row of rows(); track row.id) {
            <li class="py-2">
              <div class="d-flex gap-3 justify-content-between">
                <span class="text-truncate fw-medium" [title]="row.name">{{ row.name }}</span>
                <span class="small numeric" [class]="row.look.tone">
                  @if (row.state === 'running') {
                    {{ row.bytesPerSecond | speed }}
                  } @else {
                    {{ row.look.word }}
                  }
                </span>
              </div>
              <app-progress-bar
                class="d-block mt-2"
                [label]="'Progress of ' + row.name"
                [percent]="row.percent"
                [tone]="row.state === 'running' ? 'primary' : 'muted'"
              />
            </li>
          } @empty {
            <li class="text-center text-body-secondary py-4">
              <i class="bi bi-cloud-arrow-up fs-2 d-block mb-2" aria-hidden="true"></i>Nothing is moving. Drop files
              anywhere to share them.
            </li>
          }
        </ul>
      </div>
    </section>
  `,
})
export class ActiveCard {
  private readonly store = inject(TransfersStore);
  protected readonly rows = computed(() =>
    this.store
      .active()
      .slice(0, SHOWN)
      .map((one) => ({
        ...one,
        name: shownName(one.name),
        look: TRANSFER_LOOKS[one.state],
        percent: percentOf(one.doneBytes, one.totalBytes),
      })),
  );
}
