import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { FileGlyph } from '../files/file-glyph';
import { FilesApi } from '../files/files-api';
import { FilesList, NEWEST_FIRST } from '../files/files-list';
import { BytesPipe } from '../format/bytes-pipe';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { TimeAgo } from '../format/time-ago';

const SHOWN = 5;

@Component({
  selector: 'app-received-card',
  imports: [BytesPipe, FileGlyph, RouterLink, ShownNamePipe, TimeAgo],
  providers: [FilesList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card h-100" aria-labelledby="received-title">
      <div class="card-body">
        <div class="card-heading mb-2">
          <h2 id="received-title" class="mb-0">Recently received</h2>
          <a class="small py-1" routerLink="/files" [queryParams]="{ scope: 'received' }">All received</a>
        </div>
        <ul class="list-unstyled mb-0">
          @for (file of shown(); track file.id) {
            <li>
              <a class="row-link" title="Download" [href]="api.contentUrl(file.id)" [download]="file.name">
                <app-file-glyph [file]="file" />
                <span class="min-w-0 flex-grow-1">
                  <span class="d-block text-truncate"
                    ><span class="visually-hidden">Download </span>{{ file.name | shownName }}</span
                  >
                  <span class="small text-body-secondary numeric"
                    >{{ file.size | bytes }} · <app-time-ago [at]="file.addedAt"
                  /></span>
                </span>
                <i class="bi bi-download text-body-secondary" aria-hidden="true"></i>
              </a>
            </li>
          } @empty {
            <li class="text-body-secondary py-3">
              @if (list.phase() === 'failed') {
                {{ list.error() }}
              } @else if (list.phase() === 'ready') {
                Nothing received yet.
              }
            </li>
          }
        </ul>
      </div>
    </section>
  `,
})
export class ReceivedCard {
  protected readonly list = inject(FilesList);
  protected readonly api = inject(FilesApi);
  protected readonly shown = computed(() => this.list.files().slice(0, SHOWN));

  constructor() {
    void this.list.show({ scope: 'received', sort: NEWEST_FIRST });
  }
}
