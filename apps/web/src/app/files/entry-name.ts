import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { FileEntry } from '@ferry/protocol';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { FileState } from './file-state';

/** The name of an entry in a list, with what is special about it; that of a folder leads into it, that of a file to its details. */
@Component({
  selector: 'app-entry-name',
  imports: [FileState, RouterLink, ShownNamePipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'd-flex flex-wrap align-items-center column-gap-2 min-w-0' },
  template: `
    @let name = file().name | shownName;
    @if (file().kind === 'folder') {
      <a
        dir="auto"
        class="name-link text-truncate mw-100 fw-medium"
        [routerLink]="[]"
        [queryParams]="{ folder: file().path }"
        queryParamsHandling="merge"
        [title]="name"
        >{{ name }}</a
      >
    } @else if (hasDetails()) {
      <button
        type="button"
        dir="auto"
        class="name-link text-truncate mw-100"
        [title]="name"
        (click)="detailsWanted.emit()"
      >
        {{ name }}
      </button>
    } @else {
      <span dir="auto" class="text-truncate mw-100" [title]="name">{{ name }}</span>
    }
    <app-file-state [file]="file()" />
  `,
})
export class EntryName {
  readonly file = input.required<Pick<FileEntry, 'name' | 'path' | 'kind' | 'state' | 'size' | 'hashedBytes'>>();
  readonly hasDetails = input(false);
  readonly detailsWanted = output<void>();
}
