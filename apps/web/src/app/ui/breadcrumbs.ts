import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { ShownNamePipe } from '../format/shown-name-pipe';

/** Where in a tree of folders a list stands, each step a link to this page with another `folder`. */
@Component({
  selector: 'app-breadcrumbs',
  imports: [RouterLink, ShownNamePipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav aria-label="Folder" data-testid="breadcrumbs">
      <ol class="breadcrumb mb-0">
        @for (step of steps(); track step.path) {
          <li
            class="breadcrumb-item text-truncate"
            [title]="step.name | shownName"
            [class.active]="$last"
            [attr.aria-current]="$last ? 'page' : null"
          >
            @if ($last) {
              {{ step.name | shownName }}
            } @else {
              <a [routerLink]="[]" [queryParams]="{ folder: step.path || null }" queryParamsHandling="merge">{{
                step.name | shownName
              }}</a>
            }
          </li>
        }
      </ol>
    </nav>
  `,
})
export class Breadcrumbs {
  /** Name of the top. */
  readonly top = input.required<string>();
  /** Path of the folder that is shown; `''` at the top. */
  readonly folder = input.required<string>();

  protected readonly steps = computed(() => {
    const names = this.folder().split('/').filter(Boolean);
    const below = names.map((name, at) => ({ name, path: names.slice(0, at + 1).join('/') }));
    return [{ name: this.top(), path: '' }, ...below];
  });
}
