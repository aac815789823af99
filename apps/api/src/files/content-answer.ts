import { pipeline } from 'node:stream/promises';
import { create as contentDisposition } from 'content-disposition';
import type { Request, Response } from 'express';
import type { EntryReader } from '@ferry/file-store';
import { systemCodeOf } from '../http/listen-error';
import { ProblemError } from '../http/problem-error';
import { chooseRange, type ByteRange } from './content-range';

/** Answers one GET or HEAD for the bytes of an open file. */
export class ContentAnswer {
  constructor(
    private readonly reader: EntryReader,
    private readonly request: Request,
    private readonly response: Response,
  ) {}

  /** @throws FileStoreError CHANGED, also when the file changes on the way; the answer is cut off then. */
  async send(): Promise<void> {
    const { request, response, reader } = this;
    const etag = reader.entry.fileId === undefined ? undefined : `"${reader.entry.fileId}"`;
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
    try {
      await pipeline(this.reader.createReadStream(range), this.response);
    } catch (error) {
      if (!isGoneClient(error)) throw error;
    }
  }

  /** Whatever a shared file holds, it is saved and never run: not as a page, a script or a frame of this origin. */
  private setHeaders(etag: string | undefined): void {
    const { name, mediaType, modifiedAt } = this.reader.entry;
    this.response.setHeader('Content-Type', mediaType); // `set` would add a charset that nobody knows
    this.response.set({
      'Content-Disposition': contentDisposition(wellFormed(name)),
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'private, no-cache',
      'Last-Modified': new Date(modifiedAt).toUTCString(),
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...(etag !== undefined && { ETag: etag }),
    });
  }

  private unsatisfiable(): ProblemError {
    const { size } = this.reader.entry;
    for (const name of ['Content-Disposition', 'Cache-Control', 'Last-Modified', 'ETag']) {
      this.response.removeHeader(name);
    }
    this.response.set('Content-Range', `bytes */${size}`);
    return new ProblemError('range-unsatisfiable', `The file has ${size} bytes.`);
  }
}

/** The reader closed the connection: nothing went wrong here. */
function isGoneClient(error: unknown): boolean {
  return systemCodeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Windows allows half of a surrogate pair in names, which cannot be encoded. */
function wellFormed(name: string): string {
  return Buffer.from(name).toString();
}
