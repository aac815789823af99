import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../ui/empty-state';
import { PageHeader } from '../ui/page-header';

@Component({
  selector: 'app-not-found-page',
  imports: [EmptyState, PageHeader, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-page-header heading="Page not found" />
    <div class="card">
      <app-empty-state icon="bi-signpost-split" heading="There is nothing here" text="The address may be mistyped.">
        <a class="btn btn-primary" routerLink="/">Go to the dashboard</a>
      </app-empty-state>
    </div>
  `,
})
export class NotFoundPage {}
