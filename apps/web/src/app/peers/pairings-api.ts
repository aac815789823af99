import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { ClaimPairingRequest, Pairing } from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';

@Injectable({ providedIn: 'root' })
export class PairingsApi {
  private readonly http = inject(HttpClient);

  /** Makes an invitation, valid for two minutes. */
  invite(): Promise<Pairing> {
    return firstValueFrom(this.http.post<Pairing>(apiUrl('pairings'), {}));
  }

  /** Pairs with the device that made the invitation. */
  claim(request: ClaimPairingRequest): Promise<Pairing> {
    return firstValueFrom(this.http.post<Pairing>(apiUrl('pairings', 'claim'), request));
  }
}
