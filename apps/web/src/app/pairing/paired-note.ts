import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { PeerAvatar } from '../peers/peer-avatar';
import { PeersStore } from '../peers/peers-store';

/** The good end of every pairing. */
@Component({
  selector: 'app-paired-note',
  imports: [PeerAvatar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="text-center py-4" data-testid="paired">
      @if (peerId(); as id) {
        <app-peer-avatar class="d-inline-block mb-3" [deviceId]="id" />
      }
      <p class="fs-5 fw-semibold mb-1">
        <i class="bi bi-check-circle-fill tone-success me-2" aria-hidden="true"></i>Paired with {{ name() }}
      </p>
      <p class="text-body-secondary">You can now see each other's files.</p>
      <button type="button" class="btn btn-primary" (click)="closed.emit()">Done</button>
    </div>
  `,
})
export class PairedNote {
  private readonly peers = inject(PeersStore);

  readonly peerId = input<string>();
  readonly closed = output<void>();

  protected name(): string {
    const id = this.peerId();
    return id === undefined ? 'the other device' : this.peers.nameOf(id);
  }
}
