import { ChangeDetectionStrategy, Component, DestroyRef, inject, input, output } from '@angular/core';

const PAUSE_MS = 250;

/** A filter field: tells the text when the typing pauses, at once on Enter or when cleared. */
@Component({
  selector: 'app-search-box',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'search-box' },
  template: `
    <i class="bi bi-search" aria-hidden="true"></i>
    <input
      #field
      type="search"
      class="form-control"
      maxlength="200"
      autocomplete="off"
      [placeholder]="label()"
      [attr.aria-label]="label()"
      [value]="value()"
      (input)="later(field.value)"
      (change)="tell(field.value)"
    />
  `,
})
export class SearchBox {
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly label = input('Filter by name');
  readonly value = input('');
  readonly searched = output<string>();

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  protected later(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(text), text === '' ? 0 : PAUSE_MS);
  }

  protected tell(text: string): void {
    clearTimeout(this.timer);
    if (text.trim() !== this.value()) this.searched.emit(text.trim());
  }
}
