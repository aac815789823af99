import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { FileEntry, FileScope, ListQuery, Page, UpdateFileRequest } from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';
import { listParams } from '../http/list-params';

export interface FilesQuery extends ListQuery {
  readonly scope: FileScope | 'all';
}

@Injectable({ providedIn: 'root' })
export class FilesApi {
  private readonly http = inject(HttpClient);

  list(query: FilesQuery): Promise<Page<FileEntry>> {
    return firstValueFrom(this.http.get<Page<FileEntry>>(apiUrl('files'), { params: listParams(query) }));
  }

  update(id: string, request: UpdateFileRequest): Promise<FileEntry> {
    return firstValueFrom(this.http.patch<FileEntry>(apiUrl('files', id), request));
  }

  /** Moves a file to the trash, from which `restore` brings it back. */
  async remove(id: string): Promise<void> {
    await firstValueFrom(this.http.delete(apiUrl('files', id)));
  }

  async restore(id: string): Promise<void> {
    await firstValueFrom(this.http.post(apiUrl('files', id, 'restore'), {}));
  }

  contentUrl(id: string): string {
    return apiUrl('files', id, 'content');
  }
}
