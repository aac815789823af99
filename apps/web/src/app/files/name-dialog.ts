import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { sentenceOf } from '../http/sentence-of';

/** A question for one name. */
export interface NameDialogData {
  readonly heading: string;
  readonly label: string;
  readonly name: string;
  /** On the button. */
  readonly verb: string;
  /** Does it; the dialog stays open, with the reason, when that fails. */
  readonly use: (name: string) => Promise<void>;
}

@Component({
  selector: 'app-name-dialog',
  imports: [DialogFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-dialog-frame [heading]="data.heading">
      <form (submit)="$event.preventDefault(); save(field.value)">
        <label class="form-label" for="entry-name">{{ data.label }}</label>
        <input
          #field
          id="entry-name"
          class="form-control"
          maxlength="255"
          autocomplete="off"
          spellcheck="false"
          ngbAutofocus
          aria-describedby="entry-name-error"
          [value]="data.name"
          [class.is-invalid]="error()"
          [attr.aria-invalid]="error() !== null"
          (focus)="selectStem(field)"
        />
        <div id="entry-name-error" class="invalid-feedback" role="alert">{{ error() }}</div>
        <div class="d-flex justify-content-end gap-2 mt-4">
          <button type="button" class="btn btn-quiet" (click)="modal.dismiss()">Cancel</button>
          <button type="submit" class="btn btn-primary" [attr.aria-disabled]="isBusy()">{{ data.verb }}</button>
        </div>
      </form>
    </app-dialog-frame>
  `,
})
export class NameDialog {
  protected readonly modal = inject(NgbActiveModal);
  protected readonly data = inject(DIALOG_DATA) as NameDialogData;
  protected readonly error = signal<string | null>(null);
  protected readonly isBusy = signal(false);

  /** What is usually changed is the name before its ending. */
  protected selectStem(field: HTMLInputElement): void {
    const dot = field.value.lastIndexOf('.');
    field.setSelectionRange(0, dot > 0 ? dot : field.value.length);
  }

  protected async save(text: string): Promise<void> {
    if (this.isBusy()) return;
    const name = text.trim();
    if (name === '') return this.error.set('Enter a name.');
    if (name.includes('/')) return this.error.set('A name cannot have a / in it.');
    if (name === this.data.name) return this.modal.dismiss();
    this.isBusy.set(true);
    try {
      await this.data.use(name);
      this.modal.close(true);
    } catch (error) {
      this.error.set(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
