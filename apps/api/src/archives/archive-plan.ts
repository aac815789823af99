import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { FileStore } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';
import { ProblemError } from '../http/problem-error';
import { UniqueNames, zipName, zipPath } from './entry-names';
import { MAX_ARCHIVE_ENTRIES, STREAMED_FROM_BYTES } from './limits';
import type { ZipEntry } from './zip/zip-records';
import { ZipSize } from './zip/zip-size';

const PACKED_TOGETHER = 512;
const [packed, unpacked] = [promisify(deflateRaw), promisify(inflateRaw)];

/** A file or folder of the share as it goes into a zip. */
export interface PlannedEntry extends ZipEntry {
  readonly entryId: string;
}

/** What a zip will hold, as listed at one moment: a few packed bytes an entry, so that it can wait for a slow reader. */
export class ArchivePlan {
  private readonly parts: Uint8Array[] = [];
  private readonly zipSize = new ZipSize();
  private readonly unpacked: PlannedEntry[] = [];
  private fileCount = 0;

  /**
   * Lists everything that the entries mean: files, and folders with all below them. An entry inside of another one is there once.
   * @throws FileStoreError NOT_FOUND; ProblemError validation when it is too much; AbortError.
   */
  static async of(store: FileStore, entryIds: readonly string[], signal?: AbortSignal): Promise<ArchivePlan> {
    const plan = new ArchivePlan();
    for await (const page of selectedPages(store, outermost(store, entryIds))) {
      signal?.throwIfAborted();
      await plan.add(page);
    }
    await plan.pack();
    return plan;
  }

  /** Bytes of the whole zip. */
  get size(): number {
    return this.zipSize.total;
  }

  /** Folders not counted. */
  get files(): number {
    return this.fileCount;
  }

  async *pages(): AsyncGenerator<readonly PlannedEntry[]> {
    for (const part of this.parts) yield JSON.parse((await unpacked(part)).toString()) as PlannedEntry[];
  }

  private async add(page: readonly PlannedEntry[]): Promise<void> {
    for (const entry of page) {
      this.zipSize.add(entry);
      if (!entry.name.endsWith('/')) this.fileCount += 1;
    }
    if (this.zipSize.entries > MAX_ARCHIVE_ENTRIES) throw tooMuch();
    this.unpacked.push(...page);
    if (this.unpacked.length >= PACKED_TOGETHER) await this.pack();
  }

  private async pack(): Promise<void> {
    this.parts.push(await packed(JSON.stringify(this.unpacked.splice(0))));
  }
}

/** The entries themselves, without those that lie in a folder that is chosen as well. */
export function outermost(store: FileStore, entryIds: readonly string[]): FileEntry[] {
  const chosen = [...new Set(entryIds)].map((id) => store.entries.get(id));
  const folders = new Set(chosen.filter(({ kind }) => kind === 'folder').map(placeOf));
  return chosen.filter((entry) => !parentsOf(placeOf(entry)).some((place) => folders.has(place)));
}

async function* selectedPages(store: FileStore, chosen: readonly FileEntry[]): AsyncGenerator<PlannedEntry[]> {
  const names = new UniqueNames();
  for (const entry of chosen) {
    const name = names.take(zipName(entry.name));
    yield [plannedEntry(entry, name)];
    if (entry.kind === 'file') continue;
    for await (const page of store.entries.below(entry.id)) {
      yield page.map((each) => plannedEntry(each, `${name}/${zipPath(each.path.slice(entry.path.length + 1))}`));
    }
  }
}

function plannedEntry({ id, kind, size, modifiedAt }: FileEntry, name: string): PlannedEntry {
  const common = { entryId: id, modifiedAt: Date.parse(modifiedAt) };
  if (kind === 'folder') return { ...common, name: `${name}/`, size: 0, isStreamed: false };
  return { ...common, name, size, isStreamed: size > STREAMED_FROM_BYTES };
}

function placeOf({ scope, path }: FileEntry): string {
  return `${scope}/${path}`;
}

/** `a`, `a/b` of `a/b/c`. */
function parentsOf(place: string): string[] {
  return [...place.matchAll(/\//g)].map(({ index }) => place.slice(0, index));
}

function tooMuch(): ProblemError {
  const detail = `One archive can hold ${MAX_ARCHIVE_ENTRIES.toLocaleString('en')} files and folders. Choose fewer.`;
  return ProblemError.ofField('entryIds', 'too-many-files', detail);
}
