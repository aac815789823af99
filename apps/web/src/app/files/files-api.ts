import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type {
  Archive,
  FileEntry,
  FileListQuery,
  FileScope,
  Page,
  SkippedObjects,
  UpdateFileRequest,
} from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';
import { listParams } from '../http/list-params';

export interface FilesQuery extends FileListQuery {
  readonly scope: FileScope | 'all';
}

@Injectable({ providedIn: 'root' })
export class FilesApi {
  private readonly http = inject(HttpClient);

  list(query: FilesQuery): Promise<Page<FileEntry>> {
    return firstValueFrom(this.http.get<Page<FileEntry>>(apiUrl('files'), { params: listParams(query) }));
  }

  read(id: string): Promise<FileEntry> {
    return firstValueFrom(this.http.get<FileEntry>(apiUrl('files', id)));
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

  /** Makes a folder in the share, and those on the way to it. */
  makeFolder(path: string): Promise<FileEntry> {
    return firstValueFrom(this.http.post<FileEntry>(apiUrl('folders'), { path }));
  }

  /** Prepares one zip of all of them. */
  archive(entryIds: readonly string[]): Promise<Archive> {
    return firstValueFrom(this.http.post<Archive>(apiUrl('archives'), { entryIds }));
  }

  skipped(scope: FileScope | 'all'): Promise<SkippedObjects> {
    return firstValueFrom(this.http.get<SkippedObjects>(apiUrl('files', 'skipped'), { params: listParams({ scope }) }));
  }

  thumbnailUrl(id: string, size: number): string {
    return `${apiUrl('files', id, 'thumbnail')}?size=${size}`;
  }

  previewUrl(id: string): string {
    return apiUrl('files', id, 'preview');
  }

  /** Of a folder: its zip. */
  contentUrl(id: string): string {
    return apiUrl('files', id, 'content');
  }
}
