import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';

/** A table heading that sorts: `<th appSortHeader column="size" [sort]="sort()" (sorted)="...">Size</th>`. */
@Component({
  selector: 'th[appSortHeader]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { scope: 'col', '[attr.aria-sort]': 'ariaSort()' },
  template: `
    <button type="button" class="sort-button" [class.sorted]="direction() !== null" (click)="sorted.emit(next())">
      <ng-content />
      <i class="bi" [class]="icon()" aria-hidden="true"></i>
    </button>
  `,
})
export class SortHeader {
  readonly column = input.required<string>();
  readonly sort = input.required<string>();
  /** The direction of the first press: names rise, dates and sizes fall. */
  readonly first = input<'up' | 'down'>('down');
  readonly sorted = output<string>();

  protected readonly direction = computed(() => {
    if (this.sort() === this.column()) return 'up';
    return this.sort() === `-${this.column()}` ? 'down' : null;
  });
  protected readonly ariaSort = computed(() => {
    const direction = this.direction();
    if (direction === null) return 'none';
    return direction === 'up' ? 'ascending' : 'descending';
  });
  protected readonly icon = computed(() => {
    const direction = this.direction();
    if (direction === null) return 'bi-chevron-expand opacity-50';
    return direction === 'up' ? 'bi-chevron-up' : 'bi-chevron-down';
  });
  protected readonly next = computed(() => {
    const direction = this.direction() ?? (this.first() === 'up' ? 'down' : 'up');
    return direction === 'up' ? `-${this.column()}` : this.column();
  });
}
