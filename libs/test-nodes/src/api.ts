import type {
  EntryVisibility,
  FileEntry,
  FileScope,
  NodeStatus,
  Offer,
  Page,
  Pairing,
  PairingMode,
  Peer,
  PeerPermissions,
  PeerTestResult,
  Problem,
  RemoteEntry,
  Transfer,
  TransferFile,
} from '@ferry/protocol';

/** One answer of the node. `body` is parsed JSON, else text; the caller says what it expects. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The node refused a request that a test relies on. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    readonly request: string,
    readonly answer: Answer<unknown>,
  ) {
    super(`${request} answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

export interface Upload {
  readonly name: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
  readonly path?: string;
}

/** The HTTP API of one node, as a program of somebody else would use it. */
export class Api {
  /** @param origin for example `http://127.0.0.1:5000`. */
  constructor(readonly origin: string) {}

  status = () => this.get<NodeStatus>('/status');
  files = (scope: FileScope, query = '') => this.get<Page<FileEntry>>(`/files?scope=${scope}${query && `&${query}`}`);
  file = (id: string) => this.get<FileEntry>(`/files/${id}`);
  showTo = (id: string, visibility: EntryVisibility, visibleTo?: readonly string[]) =>
    this.ok<FileEntry>('PATCH', `/files/${id}`, { visibility, visibleTo });
  peers = () => this.get<Page<Peer>>('/peers');
  peer = (id: string) => this.get<Peer>(`/peers/${id}`);
  permit = (id: string, permissions: Partial<PeerPermissions>) =>
    this.ok<Peer>('PATCH', `/peers/${id}`, { permissions });
  removePeer = (id: string) => this.ok<unknown>('DELETE', `/peers/${id}`);
  testPeer = (id: string) => this.ok<PeerTestResult>('POST', `/peers/${id}/test`);
  remoteFiles = (peerId: string, query = '') =>
    this.get<Page<FileEntry>>(`/peers/${peerId}/files${query && `?${query}`}`);
  invite = () => this.ok<Pairing>('POST', '/pairings');
  claim = (uri: string) => this.ok<Pairing>('POST', '/pairings/claim', { uri });
  claimAddress = (address: string) => this.ok<Pairing>('POST', '/pairings/claim', { address });
  pairings = () => this.get<Page<Pairing>>('/pairings');
  confirm = (id: string, match: boolean) => this.ok<Pairing>('POST', `/pairings/${id}/confirm`, { match });
  openPairing = () => this.ok<PairingMode>('PUT', '/pairing-mode', { open: true });
  pull = (peerId: string, entryIds: readonly string[]) => this.ok<Transfer>('POST', '/transfers', { peerId, entryIds });
  transfer = (id: string) => this.get<Transfer>(`/transfers/${id}`);
  transferFiles = (id: string) => this.get<Page<TransferFile>>(`/transfers/${id}/files`);
  pause = (id: string) => this.ok<Transfer>('PATCH', `/transfers/${id}`, { state: 'paused' });
  resume = (id: string) => this.ok<Transfer>('PATCH', `/transfers/${id}`, { state: 'running' });
  retry = (id: string) => this.ok<Transfer>('POST', `/transfers/${id}/retry`);
  removeTransfer = (id: string) => this.ok<unknown>('DELETE', `/transfers/${id}`);

  offers = (query = '') => this.get<Page<Offer>>(`/offers${query && `?${query}`}`);
  offer = (id: string) => this.get<Offer>(`/offers/${id}`);
  offerFiles = (id: string, query = '') => this.get<Page<RemoteEntry>>(`/offers/${id}/files${query && `?${query}`}`);
  makeOffer = (peerIds: readonly string[], entryIds: readonly string[], message?: string) =>
    this.ok<Page<Offer>>('POST', '/offers', { peerIds, entryIds, message });
  acceptOffer = (id: string, entryIds?: readonly string[]) =>
    this.ok<Offer>('POST', `/offers/${id}/accept`, { entryIds });
  declineOffer = (id: string) => this.ok<Offer>('POST', `/offers/${id}/decline`);
  withdrawOffer = (id: string) => this.ok<unknown>('DELETE', `/offers/${id}`);

  /** GET that must succeed. */
  get<T>(path: string): Promise<T> {
    return this.ok<T>('GET', path);
  }

  /** A request that must succeed. @throws ApiFailure for any other status than 2xx. */
  async ok<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, body);
    if (answer.status < 200 || answer.status > 299) throw new ApiFailure(`${method} ${path}`, answer);
    return answer.body;
  }

  /** A request that may be refused; a string body is sent as it is, anything else as JSON. */
  call<T = Problem>(method: string, path: string, body?: unknown, headers: HeadersInit = {}): Promise<Answer<T>> {
    const isJson = body !== undefined;
    return this.fetch<T>(`/api/v1${path}`, {
      method,
      headers: { ...(isJson && { 'Content-Type': 'application/json' }), ...headers },
      body: typeof body === 'string' || !isJson ? body : JSON.stringify(body),
    });
  }

  /** Puts a file into the share. */
  async upload(upload: Upload): Promise<FileEntry> {
    const answer = await this.tryUpload<FileEntry>(upload);
    if (answer.status !== 201) throw new ApiFailure('upload', answer);
    return answer.body;
  }

  tryUpload<T = Problem>({ name, content, path }: Upload): Promise<Answer<T>> {
    const form = new FormData();
    if (path !== undefined) form.append('path', path);
    form.append('file', new Blob([content]), name);
    return this.fetch<T>('/api/v1/files', { method: 'POST', body: form });
  }

  /** Any path of the node, also outside `/api/v1`. */
  async fetch<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
    const response = await fetch(`${this.origin}${path}`, { signal: AbortSignal.timeout(30_000), ...init });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    const body: unknown = isJson ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: body as T };
  }
}
