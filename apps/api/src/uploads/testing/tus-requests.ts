import type { Problem } from '@ferry/protocol';
import { ask, type Answer } from '../../http/testing/http-client';
import type { ShareNode } from '../../http/testing/share';

export const UPLOADS = '/api/v1/uploads';
export const TUS = { 'tus-resumable': '1.0.0' };
export const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' };

type Texts = Readonly<Record<string, string>>;

export const base64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64');

/** As they go into `Upload-Metadata`. */
export const metadataOf = (values: Texts) =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(',');

/** Status and code of a problem. */
export const codeOf = ({ status, text }: Answer) => [status, (JSON.parse(text) as Problem).code];

/** Requests of tus to one node. */
export class TusRequests {
  constructor(private readonly node: ShareNode) {}

  create(length: number | string, metadata: Texts, extra: Texts = {}, body?: string): Promise<Answer> {
    const headers = { ...TUS, 'upload-length': String(length), 'upload-metadata': metadataOf(metadata), ...extra };
    return ask(this.node.port, UPLOADS, { method: 'POST', headers, ...(body !== undefined && { body }) });
  }

  /** One request with all bytes. */
  send(body: string, metadata: Texts): Promise<Answer> {
    return this.create(body.length, metadata, { 'content-type': BYTES['content-type'] }, body);
  }

  /** @returns the path of the upload. */
  async begin(length: number, metadata: Texts = { filename: 'a.txt' }): Promise<string> {
    return String((await this.create(length, metadata)).headers.location);
  }

  patch(url: string, offset: number, body: string | Uint8Array, extra: Texts = {}): Promise<Answer> {
    const headers = { ...BYTES, 'upload-offset': String(offset), ...extra };
    return ask(this.node.port, url, { method: 'PATCH', headers, body });
  }

  head(url: string): Promise<Answer> {
    return ask(this.node.port, url, { method: 'HEAD', headers: TUS });
  }
}
