import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { NgbDropdownModule } from '@ng-bootstrap/ng-bootstrap/dropdown';
import type { Peer } from '@ferry/protocol';
import { formatMillis } from '../format/format-millis';
import { TimeAgo } from '../format/time-ago';
import { PeerAvatar } from './peer-avatar';
import { PeerPresence } from './peer-presence';

@Component({
  selector: 'app-peer-card',
  imports: [NgbDropdownModule, PeerAvatar, PeerPresence, RouterLink, TimeAgo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './peer-card.html',
})
export class PeerCard {
  readonly peer = input.required<Peer>();
  readonly tested = output<void>();
  readonly renamed = output<void>();
  readonly removed = output<void>();
  readonly paired = output<void>();

  protected readonly latency = computed(() => {
    const { latencyMs, state } = this.peer();
    return state === 'online' && latencyMs !== undefined ? formatMillis(latencyMs) : '';
  });
  protected readonly showsError = computed(() => this.peer().state !== 'online' && this.peer().lastError);
}
