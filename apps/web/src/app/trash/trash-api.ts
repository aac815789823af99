import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { ListQuery, Page, TrashItem } from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';
import { listParams } from '../http/list-params';

@Injectable({ providedIn: 'root' })
export class TrashApi {
  private readonly http = inject(HttpClient);

  list(query: ListQuery): Promise<Page<TrashItem>> {
    return firstValueFrom(this.http.get<Page<TrashItem>>(apiUrl('trash'), { params: listParams(query) }));
  }

  async restore(id: string): Promise<void> {
    await firstValueFrom(this.http.post(apiUrl('files', id, 'restore'), {}));
  }

  /** Deletes one item for good. */
  async purge(id: string): Promise<void> {
    await firstValueFrom(this.http.delete(apiUrl('trash', id)));
  }

  /** Deletes everything for good. */
  async empty(): Promise<void> {
    await firstValueFrom(this.http.delete(apiUrl('trash')));
  }
}
