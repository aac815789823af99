import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { NeedsYou } from '../needs-you/needs-you';
import { PeersStore } from '../peers/peers-store';
import { StatusStore } from '../status/status-store';
import { ErrorState } from '../ui/error-state';
import { PageHeader } from '../ui/page-header';
import { SkeletonRows } from '../ui/skeleton-rows';
import { FilePicker } from '../uploads/file-picker';
import { ActiveCard } from './active-card';
import { DeviceCard } from './device-card';
import { FirstSteps } from './first-steps';
import { NeedsYouCard } from './needs-you-card';
import { PeersCard } from './peers-card';
import { ReceivedCard } from './received-card';
import { TotalsCard } from './totals-card';

@Component({
  selector: 'app-dashboard-page',
  imports: [
    ActiveCard,
    DeviceCard,
    ErrorState,
    FirstSteps,
    NeedsYouCard,
    PageHeader,
    PeersCard,
    ReceivedCard,
    SkeletonRows,
    TotalsCard,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-page-header heading="Dashboard">
      <button type="button" class="btn btn-quiet" (click)="picker.chooseFiles()">
        <i class="bi bi-plus-lg me-2" aria-hidden="true"></i>Add files
      </button>
    </app-page-header>
    @if (store.status(); as status) {
      <div class="row g-3">
        @if (needs.count() > 0) {
          <div class="col-12"><app-needs-you-card /></div>
        }
        @if (isFirstRun()) {
          <div class="col-12"><app-first-steps [status]="status" /></div>
        }
        <div class="col-12 col-xl-4 col-md-6"><app-device-card [status]="status" /></div>
        <div class="col-12 col-xl-4 col-md-6"><app-active-card /></div>
        @if (!isFirstRun()) {
          <div class="col-12 col-xl-4 col-md-6"><app-peers-card /></div>
        }
        <div class="col-12 col-xl-4 col-md-6"><app-totals-card [status]="status" /></div>
        <div class="col-12" [class.col-xl-8]="!isFirstRun()"><app-received-card /></div>
      </div>
    } @else {
      <div class="card">
        @if (store.error(); as error) {
          <app-error-state [text]="error" (retried)="store.load()" />
        } @else {
          <app-skeleton-rows />
        }
      </div>
    }
  `,
})
export class DashboardPage {
  private readonly peers = inject(PeersStore);
  protected readonly needs = inject(NeedsYou);
  protected readonly store = inject(StatusStore);
  protected readonly picker = inject(FilePicker);
  protected readonly isFirstRun = computed(() => this.peers.isLoaded() && this.peers.paired().length === 0);
}
