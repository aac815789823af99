import { DataStore, Upload } from '@tus/server';
import { type ExpectedDigest, FileStoreError, type FinishedUpload, type ResumableUploads } from '@ferry/file-store';
import { UPLOAD_RETENTION_MS } from '@ferry/file-store';
import { ProblemError } from '../http/problem-error';
import type { RequestedUpload } from './requested-upload';

/** What the request says beside what the library understands. */
export interface TusRequestFacts {
  /** What the client sends. @param signal ends it early: another request wants the upload, or the node ends. */
  readonly bytes: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
  /** Of these bytes. */
  readonly checksum: ExpectedDigest | undefined;
  /** Of an upload that begins. @throws ProblemError validation */
  readonly wanted: () => RequestedUpload;
}

/** Lets the library keep the uploads of one request in the file store. */
export class TusStore extends DataStore {
  override readonly extensions = [
    'creation',
    'creation-with-upload',
    'creation-defer-length',
    'termination',
    'expiration',
    'checksum',
  ];
  /** Of the lock that the request holds. */
  signal = new AbortController().signal;
  /** Set once the upload is known to be published. */
  finished: FinishedUpload | undefined;
  /** When the upload that was asked for is deleted if nothing comes; set with it, while bytes are missing. */
  expiresAt: Date | undefined;

  constructor(
    private readonly uploads: ResumableUploads,
    private readonly facts: TusRequestFacts,
  ) {
    super();
  }

  override async create(upload: Upload): Promise<Upload> {
    const metadata = JSON.stringify(upload.metadata ?? {});
    await this.uploads.create({ id: upload.id, size: upload.size, metadata, ...this.facts.wanted() });
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const { size, offset, metadata, touchedAt, finished } = await this.uploads.find(id);
    this.finished = finished;
    this.expiresAt = finished ? undefined : new Date(touchedAt + UPLOAD_RETENTION_MS);
    return new Upload({
      ...{ id, offset },
      ...(size !== undefined && { size }),
      ...(metadata !== '{}' && { metadata: JSON.parse(metadata) as Record<string, string | null> }),
      creation_date: new Date(touchedAt).toISOString(), // only what expires is reckoned from it
    });
  }

  /** Not from the library's stream: that is five streams long, and copies every byte. @param _source is empty. */
  override async write(_source: unknown, id: string, offset: number): Promise<number> {
    const bytes = this.facts.bytes(AbortSignal.any([this.signal, this.uploads.ending]));
    try {
      return await this.uploads.append(id, offset, bytes, this.facts.checksum);
    } catch (error) {
      if (!(error instanceof FileStoreError) || error.code !== 'HASH_MISMATCH') throw error;
      throw new ProblemError('checksum-mismatch', `${error.message}. Send them again.`, undefined, { cause: error });
    }
  }

  override declareUploadLength(id: string, size: number): Promise<void> {
    return this.uploads.setSize(id, size);
  }

  override remove(id: string): Promise<void> {
    return this.uploads.remove(id);
  }

  override getExpiration(): number {
    return UPLOAD_RETENTION_MS;
  }

  /** Publishes what is whole. */
  async finish(id: string): Promise<void> {
    this.finished = await this.uploads.finish(id);
  }
}
