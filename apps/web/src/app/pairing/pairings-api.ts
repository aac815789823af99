import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { ClaimPairingRequest, Page, Pairing, PairingMode } from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';

@Injectable({ providedIn: 'root' })
export class PairingsApi {
  private readonly http = inject(HttpClient);

  /** Those of the last minutes, newest first. */
  list(): Promise<Page<Pairing>> {
    return firstValueFrom(this.http.get<Page<Pairing>>(apiUrl('pairings')));
  }

  /** Makes an invitation, valid for two minutes. */
  invite(): Promise<Pairing> {
    return firstValueFrom(this.http.post<Pairing>(apiUrl('pairings'), {}));
  }

  /** Pairs with the device that made the invitation, or begins a comparison with the one at the address. */
  claim(request: ClaimPairingRequest): Promise<Pairing> {
    return firstValueFrom(this.http.post<Pairing>(apiUrl('pairings', 'claim'), request));
  }

  /** Says whether the user sees the same on both devices. */
  confirm(id: string, match: boolean): Promise<Pairing> {
    return firstValueFrom(this.http.post<Pairing>(apiUrl('pairings', id, 'confirm'), { match }));
  }

  /** Ends an open invitation or a comparison. */
  async cancel(id: string): Promise<void> {
    await firstValueFrom(this.http.delete(apiUrl('pairings', id)));
  }

  mode(): Promise<PairingMode> {
    return firstValueFrom(this.http.get<PairingMode>(apiUrl('pairing-mode')));
  }

  setMode(open: boolean): Promise<PairingMode> {
    return firstValueFrom(this.http.put<PairingMode>(apiUrl('pairing-mode'), { open }));
  }
}
