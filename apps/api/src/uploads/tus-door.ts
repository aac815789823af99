import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Server, TUS_RESUMABLE } from '@tus/server';
import { FileStore, type FinishedUpload } from '@ferry/file-store';
import type { Request, Response } from 'express';
import { ProblemError } from '../http/problem-error';
import { SettingsService } from '../settings/settings.service';
import { requestBytes } from './request-bytes';
import { requestedUpload } from './requested-upload';
import { asTusProblem } from './tus-problem';
import { TusStore } from './tus-store';
import { CHECKSUM_ALGORITHMS, parseChecksum } from './upload-checksum';
import { UploadLocks } from './upload-locks';
import { parseMetadata } from './upload-metadata';

const PATH = '/api/v1/uploads';
/** A request that holds an upload is told to stop when another one wants it, and cut off after this. */
const DRAIN_MS = 1_000;
const LOCK_WAIT_MS = 20_000;

/** What the library may see of a request. Anything about hosts, origins and proxies is none of its business. */
const HEADERS_READ = [
  ...['tus-resumable', 'content-type', 'content-length', 'upload-offset', 'upload-length', 'upload-defer-length'],
  ...['upload-metadata', 'upload-concat'],
];

/**
 * Speaks tus 1.0 by `@tus/server`, with the guards, the errors and the log of the node around it. Of the library's answer only
 * status and its own headers are taken: who may use the node from where is said in one place, and not there.
 */
@Injectable()
export class TusDoor {
  private readonly locks = new UploadLocks(LOCK_WAIT_MS);

  constructor(
    private readonly store: FileStore,
    private readonly settings: SettingsService,
  ) {}

  /**
   * Answers one request.
   * @param method by which it is handled, as the specification lets a POST name another.
   * @throws ProblemError, FileStoreError
   */
  async handle(request: Request, response: Response, method = request.method): Promise<void> {
    response.set('Tus-Resumable', TUS_RESUMABLE);
    assertVersion(request, response, method);
    const checksum = parseChecksum(request.get('upload-checksum'));
    const metadata = parseMetadata(request.get('upload-metadata'));
    const wanted = () => requestedUpload(metadata, this.settings.current().onConflict);
    const bytes = (signal: AbortSignal) => requestBytes(request, signal);
    const uploads = new TusStore(this.store.resumable, { bytes, checksum, wanted });
    const answer = await this.serverOf(uploads, request).handleWeb(toWebRequest(request, method));
    if (answer.status >= 400) throw refusedHeaders(await answer.text());
    setHeaders(response, answer);
    // The library tells it of POST and PATCH alone.
    if (method === 'HEAD' && uploads.expiresAt) response.set('Upload-Expires', uploads.expiresAt.toUTCString());
    if (uploads.finished) setEntry(response, uploads.finished);
    response.status(answer.status).end();
  }

  /** One for each request: the library has no other way to tell its store about the request. */
  private serverOf(datastore: TusStore, { params }: Request): Server {
    return new Server({
      path: PATH,
      relativeLocation: true, // the web server on its own port is as good a way here
      allowedOrigins: [], // without this the library opens its answers to every website
      datastore,
      locker: this.locks.tellingOf((signal) => (datastore.signal = signal)),
      lockDrainTimeout: DRAIN_MS,
      maxSize: () => this.store.limits.maxFileSize,
      namingFunction: () => randomUUID(),
      getFileIdFromRequest: () => (typeof params['id'] === 'string' ? params['id'] : undefined),
      onUploadFinish: async (_request, { id }) => {
        await datastore.finish(id);
        return {};
      },
      onResponseError: (_request, error) => {
        throw asTusProblem(error);
      },
    });
  }
}

function assertVersion(request: Request, response: Response, method: string): void {
  if (method === 'OPTIONS' || request.get('tus-resumable') === TUS_RESUMABLE) return;
  response.set('Tus-Version', TUS_RESUMABLE);
  throw new ProblemError('upload-version', `Send the header Tus-Resumable: ${TUS_RESUMABLE}.`);
}

function toWebRequest(request: Request, method: string): globalThis.Request {
  const headers = HEADERS_READ.flatMap((name): [string, string][] => {
    const value = request.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  // Of the address only its end counts, which is the id. The body goes to the store directly.
  return new globalThis.Request(new URL(request.path, 'http://node'), { method, headers });
}

/** The library answers by itself to headers that are no numbers. */
function refusedHeaders(text: string): ProblemError {
  const names = text.replace(/^Invalid /, '').trim();
  return ProblemError.ofField(names.split(' ')[0] ?? '', 'header', `The request has a bad header: ${names}.`);
}

function setHeaders(response: Response, { headers, status }: globalThis.Response): void {
  for (const [name, value] of headers) {
    if (/^(tus|upload)-|^(location|cache-control|connection)$/i.test(name)) response.setHeader(name, value);
  }
  const isList = headers.has('tus-extension') && status === 204;
  if (isList) response.set('Tus-Checksum-Algorithm', Object.keys(CHECKSUM_ALGORITHMS).join(','));
}

/** The entry that the upload became. Its path may hold any letter, so it is percent-encoded. */
function setEntry(response: Response, { entryId, path, isSkipped }: FinishedUpload): void {
  response.set('Ferry-Entry-Id', entryId);
  response.set('Ferry-Entry-Path', path.split('/').map(encodeURIComponent).join('/'));
  if (isSkipped) response.set('Ferry-Entry-Skipped', 'true');
}
