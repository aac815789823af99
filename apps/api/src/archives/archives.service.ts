import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type ChunkMemory, chunkMemory, FileStore, FileStoreError } from '@ferry/file-store';
import type { Archive, FileEntry } from '@ferry/protocol';
import { ProblemError } from '../http/problem-error';
import { ArchivePlan, outermost, type PlannedEntry } from './archive-plan';
import { ARCHIVE_LIFE_MS, MAX_ARCHIVE_DOWNLOADS, MAX_ARCHIVES } from './limits';
import { type ZipContent, zipStream } from './zip/zip-stream';

interface Selection {
  readonly entryIds: readonly string[];
  readonly name: string;
  readonly expiresAt: number;
}

/** A zip that is about to be sent. */
export interface PreparedZip {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  bytes(): AsyncGenerator<Uint8Array>;
}

/** Zips of selections of files. Only the selection is kept; what it means is listed when it is downloaded. */
@Injectable()
export class ArchivesService {
  private readonly selections = new Map<string, Selection>();
  private downloads = 0;

  constructor(private readonly store: FileStore) {}

  /** @throws FileStoreError NOT_FOUND; ProblemError validation when it is too much. */
  async create(entryIds: readonly string[]): Promise<Archive> {
    const { size, files } = await ArchivePlan.of(this.store, entryIds);
    const chosen = outermost(this.store, entryIds);
    const [id, name] = [randomUUID(), archiveName(chosen)];
    const expiresAt = Date.now() + ARCHIVE_LIFE_MS;
    this.selections.set(id, { entryIds: chosen.map((entry) => entry.id), name, expiresAt });
    this.forgetOld();
    return { id, name, url: `/api/v1/archives/${id}`, files, size, expiresAt: new Date(expiresAt).toISOString() };
  }

  /** @throws ProblemError archive-not-found; what `prepareEntries` throws. */
  prepare(archiveId: string, signal: AbortSignal): Promise<PreparedZip> {
    const selection = this.selections.get(archiveId);
    if (!selection || selection.expiresAt <= Date.now()) {
      throw new ProblemError('archive-not-found', 'The archive is unknown or has expired. Make it again.');
    }
    return this.prepareEntries(selection.entryIds, selection.name, signal);
  }

  /**
   * Lists what the entries hold now; its size is exact.
   * @throws FileStoreError NOT_FOUND; ProblemError validation when it is too much; AbortError.
   */
  async prepareEntries(entryIds: readonly string[], name: string, signal: AbortSignal): Promise<PreparedZip> {
    const plan = await ArchivePlan.of(this.store, entryIds, signal);
    const memory = chunkMemory(plan.size); // one file is streamed at a time
    return { name, size: plan.size, bytes: () => zipStream(plan, (entry) => this.open(entry, memory)) };
  }

  /**
   * Runs a download, if not too many are under way.
   * @throws ProblemError too-many-requests
   */
  async download<T>(run: () => Promise<T>): Promise<T> {
    if (this.downloads >= MAX_ARCHIVE_DOWNLOADS) {
      throw new ProblemError(
        'too-many-requests',
        `Only ${MAX_ARCHIVE_DOWNLOADS} archives are sent at once. Try again later.`,
      );
    }
    this.downloads += 1;
    try {
      return await run();
    } finally {
      this.downloads -= 1;
    }
  }

  /** @throws FileStoreError CHANGED when the file is not what was listed, also when that shows only at its end; NOT_FOUND, IO. */
  private async open({ entryId, size, modifiedAt }: PlannedEntry, memory: ChunkMemory): Promise<ZipContent> {
    const reader = await this.store.openForRead(entryId);
    if (reader.size !== size || Date.parse(reader.entry.modifiedAt) !== modifiedAt) {
      await reader.close();
      throw new FileStoreError('CHANGED', 'A file changed while the archive was sent');
    }
    return {
      close: () => reader.close(),
      async whole() {
        const bytes = Buffer.allocUnsafe(size);
        await reader.read(bytes, 0);
        await reader.assertUnchanged();
        return bytes;
      },
      async *chunks() {
        yield* reader.chunks({}, memory);
        await reader.assertUnchanged();
      },
    };
  }

  private forgetOld(): void {
    for (const [id, { expiresAt }] of this.selections) {
      if (this.selections.size > MAX_ARCHIVES || expiresAt <= Date.now()) this.selections.delete(id);
    }
  }
}

/** Of one file or folder its own name. */
export function archiveName(chosen: readonly FileEntry[]): string {
  const [first] = chosen;
  return first && chosen.length === 1 ? `${first.name}.zip` : 'ferry-files.zip';
}
