import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Peer, PeerState } from '@ferry/protocol';

const LOOKS: Record<PeerState, { readonly dot: string; readonly word: string }> = {
  online: { dot: 'on', word: 'Online' },
  offline: { dot: 'off', word: 'Offline' },
  nearby: { dot: 'busy', word: 'Nearby, not paired' },
  pending: { dot: 'busy', word: 'Not paired' },
};

/** Dot and word for a peer's state. */
@Component({
  selector: 'app-peer-presence',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="d-inline-flex align-items-center gap-2" data-testid="presence">
      <span class="presence-dot" [class]="look().dot" aria-hidden="true"></span>{{ look().word }}
    </span>
  `,
})
export class PeerPresence {
  readonly peer = input.required<Pick<Peer, 'state'>>();

  protected readonly look = computed(() => LOOKS[this.peer().state]);
}
