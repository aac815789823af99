import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type {
  AddPeerRequest,
  FileEntry,
  FileListQuery,
  ListQuery,
  Page,
  Peer,
  PeerTestResult,
  ScanResult,
  UpdatePeerRequest,
} from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';
import { listParams } from '../http/list-params';

/** An entry of another device's share: what it does not tell is left out. */
export type RemoteFile = Pick<
  FileEntry,
  'id' | 'name' | 'path' | 'size' | 'mediaType' | 'modifiedAt' | 'kind' | 'state' | 'fileId'
>;

@Injectable({ providedIn: 'root' })
export class PeersApi {
  private readonly http = inject(HttpClient);

  list(query: ListQuery): Promise<Page<Peer>> {
    return firstValueFrom(this.http.get<Page<Peer>>(apiUrl('peers'), { params: listParams(query) }));
  }

  add(request: AddPeerRequest): Promise<Peer> {
    return firstValueFrom(this.http.post<Peer>(apiUrl('peers'), request));
  }

  update(id: string, request: UpdatePeerRequest): Promise<Peer> {
    return firstValueFrom(this.http.patch<Peer>(apiUrl('peers', id), request));
  }

  async remove(id: string): Promise<void> {
    await firstValueFrom(this.http.delete(apiUrl('peers', id)));
  }

  test(id: string): Promise<PeerTestResult> {
    return firstValueFrom(this.http.post<PeerTestResult>(apiUrl('peers', id, 'test'), {}));
  }

  /** Looks at the addresses of this device's own networks; what answers is then listed as nearby. */
  scan(): Promise<ScanResult> {
    return firstValueFrom(this.http.post<ScanResult>(apiUrl('peers', 'scan'), {}));
  }

  files(id: string, query: FileListQuery): Promise<Page<RemoteFile>> {
    return firstValueFrom(this.http.get<Page<RemoteFile>>(apiUrl('peers', id, 'files'), { params: listParams(query) }));
  }
}
