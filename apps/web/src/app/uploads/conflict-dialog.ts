import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import type { ConflictRule } from '@ferry/protocol';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { formatCount } from '../format/format-count';
import { ShownNamePipe } from '../format/shown-name-pipe';
import type { ConflictQuestion } from './upload-conflicts';

/** Paths shown; of more, only the number. */
const MAX_SHOWN = 5;

const CHOICES: readonly { readonly rule: ConflictRule; readonly label: string; readonly help: string }[] = [
  { rule: 'keep-both', label: 'Keep both', help: 'What is new gets a number behind its name.' },
  { rule: 'replace', label: 'Replace', help: 'What is there goes to the trash.' },
  { rule: 'skip', label: 'Skip', help: 'What is new is not added.' },
];

/** Closes with a rule for all files whose names are taken. */
@Component({
  selector: 'app-conflict-dialog',
  imports: [DialogFrame, ShownNamePipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-dialog-frame [heading]="heading">
      <form (submit)="$event.preventDefault(); modal.close(rule())">
        <ul class="list-unstyled mb-3">
          @for (path of shown; track path) {
            <li class="text-break">{{ path | shownName }}</li>
          }
          @if (more > 0) {
            <li class="text-body-secondary">and {{ more }} more</li>
          }
        </ul>
        <fieldset>
          <legend class="visually-hidden">What to do with all of them</legend>
          @for (choice of choices; track choice.rule) {
            <div class="form-check py-1">
              <input
                type="radio"
                class="form-check-input"
                name="rule"
                [id]="'rule-' + choice.rule"
                [checked]="rule() === choice.rule"
                (change)="rule.set(choice.rule)"
              />
              <label class="form-check-label" [for]="'rule-' + choice.rule">
                {{ choice.label }}<span class="d-block small text-body-secondary">{{ choice.help }}</span>
              </label>
            </div>
          }
        </fieldset>
        <div class="d-flex justify-content-end gap-2 mt-4">
          <button type="button" class="btn btn-quiet" (click)="modal.dismiss()">Add nothing</button>
          <button type="submit" class="btn btn-primary" ngbAutofocus>Go on</button>
        </div>
      </form>
    </app-dialog-frame>
  `,
})
export class ConflictDialog {
  private readonly question = inject(DIALOG_DATA) as ConflictQuestion;
  protected readonly modal = inject(NgbActiveModal);
  protected readonly choices = CHOICES;
  protected readonly rule = signal(this.question.usual);
  protected readonly shown = this.question.paths.slice(0, MAX_SHOWN);
  protected readonly more = this.question.paths.length - this.shown.length;
  protected readonly heading = `${formatCount(this.question.paths.length, 'file')} with ${this.question.paths.length === 1 ? 'this name is' : 'these names are'} there already`;
}
