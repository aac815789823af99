import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { NgbDropdownModule } from '@ng-bootstrap/ng-bootstrap/dropdown';
import type { Peer } from '@ferry/protocol';
import { formatMillis } from '../format/format-millis';
import { TimeAgo } from '../format/time-ago';
import { peerTarget } from '../pairing/peer-target';
import { PeerActions } from './peer-actions';
import { PeerAvatar } from './peer-avatar';
import { PeerDialogs } from './peer-dialogs';
import { PeerPresence } from './peer-presence';

/** One device with what can be done with it. */
@Component({
  selector: 'app-peer-card',
  imports: [NgbDropdownModule, PeerAvatar, PeerPresence, RouterLink, TimeAgo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './peer-card.html',
})
export class PeerCard {
  protected readonly dialogs = inject(PeerDialogs);
  protected readonly actions = inject(PeerActions);

  readonly peer = input.required<Peer>();

  protected readonly isBlocked = computed(() => this.peer().permissions.blocked);
  /** Seen on the network, unknown: nothing is stored about it, so nothing can be changed. */
  protected readonly isNearby = computed(() => this.peer().state === 'nearby');
  protected readonly latency = computed(() => {
    const { latencyMs, state } = this.peer();
    return state === 'online' && latencyMs !== undefined ? formatMillis(latencyMs) : '';
  });
  protected readonly problem = computed(() => {
    const { state, lastError } = this.peer();
    return state === 'online' || this.isBlocked() ? undefined : lastError;
  });
  protected readonly address = computed(() => this.peer().addresses[0] ?? this.peer().seenAt[0]);
  /** Where an offline peer announces itself now: the node does not dial there by itself. */
  protected readonly seenAt = computed(() => {
    const { paired, state, seenAt } = this.peer();
    return paired && state === 'offline' && !this.isBlocked() ? seenAt[0] : undefined;
  });
  /** What it may not do, in a few words. */
  protected readonly limits = computed(() => {
    const { seeMyFiles, sendToMe } = this.peer().permissions;
    if (!this.peer().paired || this.isBlocked() || (seeMyFiles && sendToMe)) return '';
    if (!seeMyFiles && !sendToMe) return 'May not see your files or send to you';
    return seeMyFiles ? 'May not send to you' : 'May not see your files';
  });

  protected pair(): void {
    void this.dialogs.pair(peerTarget(this.peer()));
  }
}
