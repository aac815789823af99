import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { type Offer, formatBytes } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { PeerAvatar } from '../peers/peer-avatar';
import { PeersStore } from '../peers/peers-store';
import { OfferAnswers } from './offer-answers';
import { OfferDialogs } from './offer-dialogs';

/** An offer that waits for this user's answer. */
@Component({
  selector: 'app-offer-request',
  imports: [PeerAvatar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="notice d-flex flex-wrap align-items-center gap-3" data-testid="offer-request">
      <app-peer-avatar [deviceId]="offer().peerId" />
      <div class="flex-grow-1 min-w-0 notice-text">
        <div class="fw-medium text-break">{{ title() }}</div>
        @if (offer().message; as message) {
          <div class="small text-break">“{{ message }}”</div>
        }
        <button type="button" class="btn btn-link btn-sm p-0" (click)="dialogs.review(offer())">Show the files</button>
      </div>
      <div class="d-flex flex-wrap gap-2">
        <button
          type="button"
          class="btn btn-sm btn-primary"
          [attr.aria-disabled]="answers.isBusy()"
          (click)="answers.accept(offer())"
        >
          Accept
        </button>
        <button
          type="button"
          class="btn btn-sm btn-quiet"
          [attr.aria-disabled]="answers.isBusy()"
          (click)="answers.decline(offer())"
        >
          Decline
        </button>
      </div>
    </div>
  `,
})
export class OfferRequest {
  private readonly peers = inject(PeersStore);
  protected readonly answers = inject(OfferAnswers);
  protected readonly dialogs = inject(OfferDialogs);

  readonly offer = input.required<Offer>();

  protected readonly title = computed(() => {
    const { peerId, files } = this.offer();
    return `${this.peers.nameOf(peerId)} wants to send ${formatCount(files.count, 'file')} (${formatBytes(files.bytes)})`;
  });
}
