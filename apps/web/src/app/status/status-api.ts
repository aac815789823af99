import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { NodeStatus } from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';

@Injectable({ providedIn: 'root' })
export class StatusApi {
  private readonly http = inject(HttpClient);

  read(): Promise<NodeStatus> {
    return firstValueFrom(this.http.get<NodeStatus>(apiUrl('status')));
  }
}
