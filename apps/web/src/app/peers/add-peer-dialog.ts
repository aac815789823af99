import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import type { Peer } from '@ferry/protocol';
import { DialogFrame } from '../dialogs/dialog-frame';
import { formatDeviceId } from '../format/format-device-id';
import { sentenceOf } from '../http/sentence-of';
import { PeersStore } from './peers-store';

/** Closes with the peer when the user wants to go on to pairing. */
@Component({
  selector: 'app-add-peer-dialog',
  imports: [DialogFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-dialog-frame heading="Add a device by its address">
      @if (added(); as peer) {
        <p role="status">
          <i class="bi bi-check-circle-fill tone-success me-2" aria-hidden="true"></i>{{ peer.name }} answers
          @if (peer.paired) {
            and is paired already.
          } @else {
            and is now in your list. Pair the two devices to see each other's files.
          }
        </p>
        <p class="mono small text-body-secondary device-id">{{ formatDeviceId(peer.id) }}</p>
        <div class="d-flex justify-content-end gap-2">
          <button type="button" class="btn btn-quiet" (click)="modal.dismiss()">Close</button>
          @if (!peer.paired) {
            <button type="button" class="btn btn-primary" (click)="modal.close(peer)">Pair now</button>
          }
        </div>
      } @else {
        <form (submit)="$event.preventDefault(); add(field.value)">
          <label class="form-label" for="peer-address">Address</label>
          <input
            #field
            id="peer-address"
            class="form-control"
            placeholder="192.168.1.44:8000"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            maxlength="300"
            ngbAutofocus
            aria-describedby="peer-address-help peer-address-error"
            [class.is-invalid]="error()"
            [attr.aria-invalid]="error() !== null"
          />
          <div id="peer-address-error" class="invalid-feedback" role="alert">{{ error() }}</div>
          <div id="peer-address-help" class="form-text">
            Name or IP address of the other device, and its port: 8000 unless it was changed there.
          </div>
          <div class="d-flex justify-content-end gap-2 mt-4">
            <button type="button" class="btn btn-quiet" (click)="modal.dismiss()">Cancel</button>
            <button type="submit" class="btn btn-primary" [attr.aria-disabled]="isBusy()">
              @if (isBusy()) {
                <span class="spinner-border spinner-border-sm me-2" aria-hidden="true"></span>Connecting…
              } @else {
                Add
              }
            </button>
          </div>
        </form>
      }
    </app-dialog-frame>
  `,
})
export class AddPeerDialog {
  private readonly peers = inject(PeersStore);
  protected readonly modal = inject(NgbActiveModal);

  protected readonly error = signal<string | null>(null);
  protected readonly isBusy = signal(false);
  protected readonly added = signal<Peer | null>(null);
  protected readonly formatDeviceId = formatDeviceId;

  protected async add(text: string): Promise<void> {
    if (this.isBusy()) return;
    const address = text.trim();
    if (address === '') return this.error.set('Enter the address of the other device, for example 192.168.1.44:8000.');
    if (address.startsWith('ferry:'))
      return this.error.set('This is an invitation. Close this dialog and choose “Pair a device”.');
    this.isBusy.set(true);
    this.error.set(null);
    try {
      this.added.set(await this.peers.add(address));
    } catch (error) {
      this.error.set(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
