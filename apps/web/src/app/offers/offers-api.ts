import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { AcceptOfferRequest, ListQuery, MakeOfferRequest, Offer, Page } from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';
import { listParams } from '../http/list-params';
import type { RemoteFile } from '../peers/peers-api';

@Injectable({ providedIn: 'root' })
export class OffersApi {
  private readonly http = inject(HttpClient);

  list(query: ListQuery): Promise<Page<Offer>> {
    return firstValueFrom(this.http.get<Page<Offer>>(apiUrl('offers'), { params: listParams(query) }));
  }

  /** One offer to each of the peers. */
  async make(request: MakeOfferRequest): Promise<void> {
    await firstValueFrom(this.http.post(apiUrl('offers'), request));
  }

  files(id: string, query: Pick<ListQuery, 'limit' | 'cursor'>): Promise<Page<RemoteFile>> {
    return firstValueFrom(
      this.http.get<Page<RemoteFile>>(apiUrl('offers', id, 'files'), { params: listParams(query) }),
    );
  }

  accept(id: string, request: AcceptOfferRequest = {}): Promise<Offer> {
    return firstValueFrom(this.http.post<Offer>(apiUrl('offers', id, 'accept'), request));
  }

  decline(id: string): Promise<Offer> {
    return firstValueFrom(this.http.post<Offer>(apiUrl('offers', id, 'decline'), {}));
  }

  async withdraw(id: string): Promise<void> {
    await firstValueFrom(this.http.delete(apiUrl('offers', id)));
  }
}
