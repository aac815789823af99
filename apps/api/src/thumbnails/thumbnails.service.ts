import { join } from 'node:path';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { FileStore, type EntryReader } from '@ferry/file-store';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { ProblemError } from '../http/problem-error';
import { sniffMedia } from '../previews/sniff-media';
import { ImageWorkers } from './image-workers';
import { MAX_IMAGE_BYTES, THUMBNAIL_CACHE_BYTES } from './limits';
import { Refusals } from './refusals';
import { ThumbnailCache } from './thumbnail-cache';

/** What the image process decodes, as the first bytes of a file tell it. */
const IMAGES = new Set(['image/jpeg', 'image/png', 'image/apng', 'image/webp', 'image/gif', 'image/avif']);

export interface Thumbnail {
  /** A webp image. */
  readonly bytes: Uint8Array;
  /** The content it was made from; undefined while that is being hashed. */
  readonly fileId: string | undefined;
}

/** Small images of large ones: made in processes of their own, kept on disk by content. */
@Injectable()
export class ThumbnailsService implements OnModuleDestroy {
  private readonly logger = new Logger(ThumbnailsService.name);
  private readonly workers = new ImageWorkers();
  private readonly cache: ThumbnailCache;
  private readonly refusals = new Refusals();
  private readonly underWay = new Map<string, Promise<Thumbnail>>();

  constructor(
    private readonly store: FileStore,
    @Inject(APP_CONFIG) { dataDir }: AppConfig,
  ) {
    this.cache = new ThumbnailCache(join(dataDir, 'thumbnails'), THUMBNAIL_CACHE_BYTES);
  }

  onModuleDestroy(): void {
    this.workers.close();
  }

  /**
   * @param edge of the square that the thumbnail fits into, pixels; smaller images stay as they are.
   * @throws FileStoreError NOT_FOUND, CHANGED, IO; ProblemError no-preview, too-many-requests.
   */
  async get(entryId: string, edge: number): Promise<Thumbnail> {
    const { fileId, kind } = this.store.entries.get(entryId);
    if (kind === 'folder') throw noPreview('Folders have no thumbnail.');
    const known = fileId === undefined ? undefined : this.refusals.reasonOf(fileId);
    if (known !== undefined) throw noPreview(known);
    const key = `${fileId ?? entryId}-${edge}`;
    const cached = fileId === undefined ? undefined : await this.cache.get(key);
    if (cached) return { bytes: cached, fileId };
    return this.once(key, () => this.make(entryId, edge));
  }

  /** Who asks for the same meanwhile gets the same. */
  private once(key: string, make: () => Promise<Thumbnail>): Promise<Thumbnail> {
    const running = this.underWay.get(key);
    if (running) return running;
    const started = make().finally(() => this.underWay.delete(key));
    this.underWay.set(key, started);
    return started;
  }

  private async make(entryId: string, edge: number): Promise<Thumbnail> {
    const reader = await this.store.openForRead(entryId);
    const { fileId } = reader.entry;
    try {
      await this.assertImage(reader);
      const made = this.workers.make(() => reader.chunks(), edge);
      if (!made) throw new ProblemError('too-many-requests', 'Many thumbnails are being made. Try again in a moment.');
      const outcome = await made;
      if (outcome.type === 'unusable') throw this.unusable(outcome.reason);
      await reader.assertUnchanged();
      if (outcome.type === 'refused') throw this.refuse(fileId, `This image cannot be shown: ${outcome.reason}.`);
      if (fileId !== undefined) await this.cache.put(`${fileId}-${edge}`, outcome.bytes);
      return { bytes: outcome.bytes, fileId };
    } finally {
      await reader.close();
    }
  }

  private async assertImage(reader: EntryReader): Promise<void> {
    const { fileId } = reader.entry;
    if (!IMAGES.has((await sniffMedia(reader)) ?? ''))
      throw this.refuse(fileId, 'There are thumbnails of images only.');
    if (reader.size > MAX_IMAGE_BYTES) throw this.refuse(fileId, 'The image file is too large for a thumbnail.');
  }

  private refuse(fileId: string | undefined, reason: string): ProblemError {
    if (fileId !== undefined) this.refusals.note(fileId, reason);
    return noPreview(reason);
  }

  private unusable(reason: string): ProblemError {
    this.logger.warn({ reason }, 'no thumbnails: the image library sharp does not work here');
    return noPreview('This node cannot make thumbnails: its image library does not work on this system.');
  }
}

function noPreview(detail: string): ProblemError {
  return new ProblemError('no-preview', detail);
}
