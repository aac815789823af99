import { type ClientRequest, request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Problem } from '@ferry/protocol';
import { type Answer, MEBIBYTE, type NodeProcess } from '@ferry/test-nodes';

const TUS = { 'Tus-Resumable': '1.0.0' };

/** Metadata as they go into `Upload-Metadata`. */
export function encodeMetadata(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

/** tus by hand, header by header, so that no library is kind to the node. */
export class TusClient {
  constructor(private readonly node: NodeProcess) {}

  create(
    size: number | undefined,
    metadata: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Problem>> {
    const [name, value] = size === undefined ? ['Upload-Defer-Length', '1'] : ['Upload-Length', String(size)];
    const all = { ...TUS, [name]: value, 'Upload-Metadata': encodeMetadata(metadata), ...headers };
    return this.node.api.fetch('/api/v1/uploads', { method: 'POST', headers: all });
  }

  /** @returns the path of the new upload. */
  async begin(size: number | undefined, metadata: Readonly<Record<string, string>>): Promise<string> {
    const { headers, body } = await this.create(size, metadata);
    return headers.get('location') ?? `refused: ${JSON.stringify(body)}`;
  }

  head = (path: string) => this.node.api.fetch<string>(path, { method: 'HEAD', headers: TUS });
  remove = (path: string) => this.node.api.fetch<string>(path, { method: 'DELETE', headers: TUS });

  /** Where the node says that the upload goes on. */
  async offset(path: string): Promise<number> {
    return Number((await this.head(path)).headers.get('upload-offset') ?? NaN);
  }

  patch(
    path: string,
    offset: number,
    body: Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Problem>> {
    return this.node.api.fetch(path, { method: 'PATCH', headers: { ...this.bytesAt(offset), ...headers }, body });
  }

  /** A PATCH whose body the caller writes; it may never end. */
  openPatch(path: string, offset: number, headers: Readonly<Record<string, string>> = {}): ClientRequest {
    const all = { ...this.bytesAt(offset), ...headers };
    const outgoing = httpRequest(`${this.node.api.origin}${path}`, { method: 'PATCH', headers: all, agent: false });
    return outgoing.on('error', () => undefined); // the node is killed, or hangs up
  }

  /** Writes `bytes` at a pace the node can follow, until they end or the connection does. */
  async feed(outgoing: ClientRequest, bytes: Uint8Array): Promise<void> {
    const parts = Array.from({ length: Math.ceil(bytes.length / MEBIBYTE) }, (_, at) => at * MEBIBYTE);
    const pieces = parts.map((at) => bytes.subarray(at, at + MEBIBYTE));
    await pipeline(Readable.from(pieces), outgoing).catch(() => undefined); // the connection ended
  }

  private bytesAt(offset: number): Record<string, string> {
    return { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' };
  }
}
