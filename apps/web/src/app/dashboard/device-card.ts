import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { NodeStatus } from '@ferry/protocol';
import { formatDeviceId } from '../format/format-device-id';
import { PeerAvatar } from '../peers/peer-avatar';
import { PeerDialogs } from '../peers/peer-dialogs';
import { CopyButton } from '../ui/copy-button';

@Component({
  selector: 'app-device-card',
  imports: [CopyButton, PeerAvatar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card h-100" aria-labelledby="device-title">
      <div class="card-body d-flex flex-column gap-3">
        <div class="card-heading"><h2 id="device-title" class="mb-0">This device</h2></div>
        <div class="d-flex align-items-center gap-3">
          <app-peer-avatar [deviceId]="status().device.id" />
          <div class="min-w-0">
            <div class="fs-5 fw-semibold text-break" data-testid="device-name">{{ status().device.name }}</div>
            <div class="small text-body-secondary">Ferry {{ status().version }}</div>
          </div>
        </div>
        <div>
          <div class="d-flex align-items-center justify-content-between gap-2">
            <span class="small text-body-secondary">Device id</span>
            <app-copy-button [text]="status().device.id" label="Copy device id" />
          </div>
          <div class="mono device-id" data-testid="device-id">{{ id() }}</div>
        </div>
        <div class="small">
          <div class="text-body-secondary" id="addresses-title">
            {{ status().addresses.length > 1 ? 'Addresses' : 'Address' }} for peers
          </div>
          <ul class="list-unstyled address-list mb-0" aria-labelledby="addresses-title">
            @for (address of status().addresses; track address) {
              <li>{{ address }}</li>
            }
          </ul>
        </div>
        <dl class="stat-list small">
          <dt>This page and the API</dt>
          <dd class="numeric">{{ status().ports.http }}</dd>
          @if (status().ports.web > 0) {
            <dt>Separate web server</dt>
            <dd class="numeric">{{ status().ports.web }}</dd>
          }
        </dl>
        <button type="button" class="btn btn-primary mt-auto align-self-start" (click)="dialogs.pair()">
          <i class="bi bi-link-45deg me-2" aria-hidden="true"></i>Pair a device
        </button>
      </div>
    </section>
  `,
})
export class DeviceCard {
  readonly status = input.required<NodeStatus>();

  protected readonly dialogs = inject(PeerDialogs);
  protected readonly id = computed(() => formatDeviceId(this.status().device.id));
}
