import { create as contentDisposition } from 'content-disposition';
import type { Request, Response } from 'express';
import { chunkMemory, type EntryReader } from '@ferry/file-store';
import { ProblemError } from '../http/problem-error';
import { sendChunks } from '../http/send-chunks';
import { digestHeaders } from './content-digest';
import { assertPreconditions } from './content-preconditions';
import { chooseRange, type ByteRange } from './content-range';

/** For bytes that somebody else made: taken as what they are said to be, and run nowhere. */
export const UNTRUSTED_CONTENT = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** How the bytes are to be taken by a browser. */
export interface ContentForm {
  readonly mediaType: string;
  readonly disposition: 'attachment' | 'inline';
  /** Headers beside those of every content, or instead of them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one GET or HEAD for the bytes of an open file. */
export class ContentAnswer {
  private readonly form: ContentForm;

  /** @param form default: to be saved. */
  constructor(
    private readonly reader: EntryReader,
    private readonly request: Request,
    private readonly response: Response,
    form?: ContentForm,
  ) {
    this.form = form ?? { mediaType: reader.entry.mediaType, disposition: 'attachment' };
  }

  /**
   * @throws FileStoreError CHANGED, also when the file changes on the way; the answer is cut off then.
   * @throws ProblemError precondition-failed, range-unsatisfiable.
   */
  async send(): Promise<void> {
    const { request, response, reader } = this;
    const etag = reader.entry.fileId === undefined ? undefined : `"${reader.entry.fileId}"`;
    assertPreconditions(request, { etag, modifiedAt: Date.parse(reader.entry.modifiedAt) });
    this.setHeaders(etag);
    if (request.fresh) {
      response.removeHeader('Content-Type');
      response.status(304).end();
      return;
    }
    const range = chooseRange(request, reader.entry.size, etag);
    if (range === 'unsatisfiable') throw this.unsatisfiable();
    await (range === 'whole' ? this.sendWhole() : this.sendRange(range));
  }

  private sendWhole(): Promise<void> {
    const { size } = this.reader.entry;
    this.response.status(200).set('Content-Length', String(size));
    return this.sendBytes({ start: 0, end: size - 1 });
  }

  private sendRange({ start, end }: ByteRange): Promise<void> {
    this.response
      .status(206)
      .set('Content-Length', String(end - start + 1))
      .set('Content-Range', `bytes ${start}-${end}/${this.reader.entry.size}`);
    return this.sendBytes({ start, end });
  }

  private async sendBytes(range: ByteRange): Promise<void> {
    const isEmpty = range.end < range.start;
    if (this.request.method === 'HEAD' || isEmpty) {
      this.response.end();
      return;
    }
    const memory = chunkMemory(range.end - range.start + 1);
    await sendChunks(this.response, this.reader.chunks(range, memory));
  }

  /** Whatever a shared file holds, it is saved and never run: not as a page, a script or a frame of this origin. */
  private setHeaders(etag: string | undefined): void {
    const { name, modifiedAt, sha256 } = this.reader.entry;
    const { mediaType, disposition, headers } = this.form;
    this.response.setHeader('Content-Type', mediaType); // `set` would add a charset that nobody knows
    this.response.set({
      'Content-Disposition': contentDisposition(wellFormed(name), { type: disposition }),
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'private, no-cache',
      'Last-Modified': new Date(modifiedAt).toUTCString(),
      ...UNTRUSTED_CONTENT,
      ...(etag !== undefined && { ETag: etag }),
      ...digestHeaders(this.request, sha256),
      ...headers,
    });
  }

  private unsatisfiable(): ProblemError {
    const { size } = this.reader.entry;
    for (const name of ['Content-Disposition', 'Cache-Control', 'Last-Modified', 'ETag', 'Repr-Digest']) {
      this.response.removeHeader(name);
    }
    this.response.set('Content-Range', `bytes */${size}`);
    return new ProblemError('range-unsatisfiable', `The file has ${size} bytes.`);
  }
}

/** Windows allows half of a surrogate pair in names, which cannot be encoded. */
export function wellFormed(name: string): string {
  return Buffer.from(name).toString();
}
