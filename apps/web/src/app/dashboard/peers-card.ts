import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TimeAgo } from '../format/time-ago';
import { PeerAvatar } from '../peers/peer-avatar';
import { PeerPresence } from '../peers/peer-presence';
import { PeersStore } from '../peers/peers-store';

const SHOWN = 6;

@Component({
  selector: 'app-peers-card',
  imports: [PeerAvatar, PeerPresence, RouterLink, TimeAgo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card h-100" aria-labelledby="peers-title">
      <div class="card-body">
        <div class="card-heading mb-2">
          <h2 id="peers-title" class="mb-0">Paired devices</h2>
          <a class="small py-1" routerLink="/peers">All peers</a>
        </div>
        <ul class="list-unstyled mb-0">
          @for (peer of shown(); track peer.id) {
            <li>
              <a class="row-link" [routerLink]="['/peers', peer.id]">
                <app-peer-avatar [deviceId]="peer.id" />
                <span class="min-w-0 flex-grow-1">
                  <span class="d-block text-truncate fw-medium">{{ peer.name }}</span>
                  <span class="small text-body-secondary d-flex flex-wrap column-gap-3">
                    <app-peer-presence [peer]="peer" />
                    @if (peer.state !== 'online' && peer.lastSeenAt; as seen) {
                      <span>seen <app-time-ago [at]="seen" /></span>
                    }
                  </span>
                </span>
                <i class="bi bi-chevron-right text-body-secondary" aria-hidden="true"></i>
              </a>
            </li>
          } @empty {
            <li class="text-body-secondary py-3">No paired device yet.</li>
          }
        </ul>
      </div>
    </section>
  `,
})
export class PeersCard {
  private readonly store = inject(PeersStore);
  protected readonly shown = computed(() => this.store.paired().slice(0, SHOWN));
}
