import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { CreateTransferRequest, ListQuery, Page, Transfer, TransferFile, TransferState } from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';
import { listParams } from '../http/list-params';

export interface TransfersQuery extends Pick<ListQuery, 'limit' | 'cursor' | 'q'> {
  /** Any of these; all when left out. */
  readonly states?: readonly TransferState[];
}

@Injectable({ providedIn: 'root' })
export class TransfersApi {
  private readonly http = inject(HttpClient);

  /** Newest first. */
  list({ states, ...query }: TransfersQuery): Promise<Page<Transfer>> {
    const params = listParams({ ...query, state: states?.join(',') });
    return firstValueFrom(this.http.get<Page<Transfer>>(apiUrl('transfers'), { params }));
  }

  create(request: CreateTransferRequest): Promise<Transfer> {
    return firstValueFrom(this.http.post<Transfer>(apiUrl('transfers'), request));
  }

  setState(id: string, state: 'paused' | 'running'): Promise<Transfer> {
    return firstValueFrom(this.http.patch<Transfer>(apiUrl('transfers', id), { state }));
  }

  retry(id: string): Promise<Transfer> {
    return firstValueFrom(this.http.post<Transfer>(apiUrl('transfers', id, 'retry'), {}));
  }

  /** Cancels an unfinished transfer; takes a finished one off the list. */
  async remove(id: string): Promise<void> {
    await firstValueFrom(this.http.delete(apiUrl('transfers', id)));
  }

  files(id: string, query: Pick<ListQuery, 'limit' | 'cursor'>): Promise<Page<TransferFile>> {
    return firstValueFrom(
      this.http.get<Page<TransferFile>>(apiUrl('transfers', id, 'files'), { params: listParams(query) }),
    );
  }
}
