import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';

/** The order of a list, where there is no room for the columns whose headings sort it. */
@Component({
  selector: 'app-sort-select',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'd-md-none flex-grow-1' },
  template: `
    <select #field class="form-select" aria-label="Sort by" (change)="sorted.emit(field.value)">
      @for (choice of choices(); track choice.sort) {
        <option [value]="choice.sort" [selected]="choice.sort === sort()">{{ choice.label }}</option>
      }
    </select>
  `,
})
export class SortSelect {
  readonly sort = input.required<string>();
  /** The time that this list shows. */
  readonly timeColumn = input.required<'addedAt' | 'modifiedAt'>();
  readonly sorted = output<string>();

  protected readonly choices = computed(() => [
    { sort: `-${this.timeColumn()}`, label: 'Newest first' },
    { sort: this.timeColumn(), label: 'Oldest first' },
    { sort: 'name', label: 'Name, A to Z' },
    { sort: '-name', label: 'Name, Z to A' },
    { sort: '-size', label: 'Largest first' },
    { sort: 'size', label: 'Smallest first' },
  ]);
}
