import { ChangeDetectionStrategy, Component } from '@angular/core';
import { NeedsYouList } from '../needs-you/needs-you-list';

@Component({
  selector: 'app-needs-you-card',
  imports: [NeedsYouList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card needs-you" aria-labelledby="needs-you-title" data-testid="needs-you">
      <div class="card-body">
        <h2 id="needs-you-title" class="mb-3">Needs you</h2>
        <app-needs-you-list />
      </div>
    </section>
  `,
})
export class NeedsYouCard {}
