import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import type { Peer } from '@ferry/protocol';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { sentenceOf } from '../http/sentence-of';
import { PeersStore } from './peers-store';

@Component({
  selector: 'app-rename-dialog',
  imports: [DialogFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-dialog-frame [heading]="'Rename ' + peer.name">
      <form (submit)="$event.preventDefault(); rename(field.value)">
        <label class="form-label" for="peer-name">Name</label>
        <input
          #field
          id="peer-name"
          class="form-control"
          maxlength="64"
          autocomplete="off"
          ngbAutofocus
          aria-describedby="peer-name-error peer-name-help"
          [value]="peer.name"
          [class.is-invalid]="error()"
          [attr.aria-invalid]="error() !== null"
        />
        <div id="peer-name-error" class="invalid-feedback" role="alert">{{ error() }}</div>
        <div id="peer-name-help" class="form-text">Only this device uses the name.</div>
        <div class="d-flex justify-content-end gap-2 mt-4">
          <button type="button" class="btn btn-quiet" (click)="modal.dismiss()">Cancel</button>
          <button type="submit" class="btn btn-primary" [attr.aria-disabled]="isBusy()">Rename</button>
        </div>
      </form>
    </app-dialog-frame>
  `,
})
export class RenameDialog {
  private readonly peers = inject(PeersStore);
  protected readonly modal = inject(NgbActiveModal);
  protected readonly peer = inject(DIALOG_DATA) as Peer;

  protected readonly error = signal<string | null>(null);
  protected readonly isBusy = signal(false);

  protected async rename(text: string): Promise<void> {
    if (this.isBusy()) return;
    const name = text.trim();
    if (name === '') return this.error.set('Enter a name.');
    this.isBusy.set(true);
    try {
      await this.peers.rename(this.peer.id, name);
      this.modal.close();
    } catch (error) {
      this.error.set(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
