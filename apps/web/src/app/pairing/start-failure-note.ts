import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import { PeersStore } from '../peers/peers-store';
import type { StartFailure } from './comparison-start';

/** Why a comparison did not begin, and what to do. */
@Component({
  selector: 'app-start-failure',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="alert alert-warning mb-0 mt-3" role="alert" data-testid="start-failure">
      <p class="fw-medium text-break mb-1">{{ failure().text }}</p>
      @if (failure().hint) {
        <p class="mb-2">{{ failure().hint }}</p>
      }
      <div class="d-flex flex-wrap gap-2">
        <button type="button" class="btn btn-sm btn-quiet" (click)="retried.emit()">Try again</button>
        @if (failure().isUnreachable && knownPeer(); as peer) {
          <button type="button" class="btn btn-sm btn-quiet" (click)="modal.close({ test: peer })">
            Test the connection
          </button>
        }
      </div>
    </div>
  `,
})
export class StartFailureNote {
  private readonly peers = inject(PeersStore);
  protected readonly modal = inject(NgbActiveModal);

  readonly failure = input.required<StartFailure>();
  readonly retried = output<void>();

  /** Only a device that the node knows can be tested. */
  protected knownPeer = () => {
    const { peerId, addresses } = this.failure().target;
    const known = peerId === undefined ? undefined : this.peers.find(peerId);
    return known ?? this.peers.peers().find((peer) => peer.addresses.some((one) => addresses.includes(one)));
  };
}
