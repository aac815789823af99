import { ChangeDetectionStrategy, Component, computed, effect, inject, untracked } from '@angular/core';
import { LiveAnnouncer } from '@angular/cdk/a11y';
import { EventStream, type LiveState } from '../live/event-stream';

const LOOKS: Record<LiveState, { readonly dot: string; readonly word: string; readonly hint: string }> = {
  connecting: { dot: 'busy', word: 'Connecting', hint: 'Connecting to the node' },
  live: { dot: 'on', word: 'Live', hint: 'What you see is up to date' },
  reconnecting: {
    dot: 'busy',
    word: 'Reconnecting',
    hint: 'The connection to the node was lost; it comes back by itself',
  },
  offline: {
    dot: 'bad',
    word: 'Offline',
    hint: 'The node does not answer. What you see may be old. Transfers go on in the node as long as it runs.',
  },
};

/** Whether the page is connected to its node. It never blocks anything. */
@Component({
  selector: 'app-status-pill',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (stream.state() === 'offline' || stream.state() === 'reconnecting') {
      <button
        type="button"
        class="status-pill text-body"
        data-testid="live-state"
        [title]="look().hint"
        [attr.data-state]="stream.state()"
        (click)="stream.connect()"
      >
        <span class="presence-dot" [class]="look().dot" aria-hidden="true"></span>{{ look().word
        }}<span class="visually-hidden">, try now</span><i class="bi bi-arrow-clockwise" aria-hidden="true"></i>
      </button>
    } @else {
      <span class="status-pill" data-testid="live-state" [title]="look().hint" [attr.data-state]="stream.state()">
        <span class="presence-dot" [class]="look().dot" aria-hidden="true"></span>{{ look().word }}
      </span>
    }
  `,
})
export class StatusPill {
  protected readonly stream = inject(EventStream);
  protected readonly look = computed(() => LOOKS[this.stream.state()]);

  constructor() {
    const announcer = inject(LiveAnnouncer);
    let wasLost = false;
    effect(() => {
      const state = this.stream.state();
      if (state === 'offline' || (state === 'live' && wasLost))
        untracked(() => void announcer.announce(LOOKS[state].hint));
      wasLost = state === 'offline';
    });
  }
}
