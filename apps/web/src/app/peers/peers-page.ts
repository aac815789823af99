import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { formatCount } from '../format/format-count';
import { PairingModeSwitch } from '../pairing/pairing-mode-switch';
import { PairingRequest } from '../pairing/pairing-request';
import { PairingsStore } from '../pairing/pairings-store';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { PageHeader } from '../ui/page-header';
import { SkeletonRows } from '../ui/skeleton-rows';
import { PeerActions } from './peer-actions';
import { PeerCard } from './peer-card';
import { PeerDialogs } from './peer-dialogs';
import { PeersStore } from './peers-store';

@Component({
  selector: 'app-peers-page',
  imports: [EmptyState, ErrorState, PageHeader, PairingModeSwitch, PairingRequest, PeerCard, SkeletonRows],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './peers-page.html',
})
export class PeersPage {
  protected readonly store = inject(PeersStore);
  protected readonly pairings = inject(PairingsStore);
  protected readonly dialogs = inject(PeerDialogs);
  protected readonly actions = inject(PeerActions);

  protected readonly summary = computed(() => {
    if (!this.store.isLoaded()) return '';
    const paired = this.store.paired().length;
    return paired === 0 ? '' : `${formatCount(paired, 'paired device')}, ${this.store.onlineCount()} online`;
  });
  protected readonly groups = computed(() =>
    [
      { title: 'Paired', peers: this.store.paired() },
      { title: 'Nearby, not paired', peers: this.store.nearby() },
      { title: 'Known, not paired', peers: this.store.known() },
    ].filter(({ peers }) => peers.length > 0),
  );
}
