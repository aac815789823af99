import { type EntryCatalogue, FileStoreError } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';

interface Snapshot {
  readonly path: string;
  readonly size: number;
}

/** The files of one offer as they were when it was made; shared by the offers to several peers that one request makes. */
export class OfferedEntries {
  readonly bytes: number;
  private readonly ids: readonly string[];

  private constructor(
    private readonly catalogue: Pick<EntryCatalogue, 'get'>,
    private readonly snapshots: ReadonlyMap<string, Snapshot>,
  ) {
    this.ids = [...snapshots.keys()];
    this.bytes = [...snapshots.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** @throws FileStoreError NOT_FOUND for what is no file of this device, or gone. */
  static take(catalogue: Pick<EntryCatalogue, 'get'>, entryIds: readonly string[]): OfferedEntries {
    const snapshots = new Map<string, Snapshot>();
    for (const id of entryIds) {
      const { kind, state, path, size } = catalogue.get(id);
      if (kind !== 'file' || state === 'missing')
        throw new FileStoreError('NOT_FOUND', `The entry ${id.slice(0, 64)} is no file of this device.`);
      snapshots.set(id, { path, size });
    }
    return new OfferedEntries(catalogue, snapshots);
  }

  get count(): number {
    return this.ids.length;
  }

  get entryIds(): readonly string[] {
    return this.ids;
  }

  has(entryId: string): boolean {
    return this.snapshots.has(entryId);
  }

  /**
   * Entries `from` to `from + limit`, as they are now.
   * @returns nothing when one of them is not any more what was offered.
   */
  page(from: number, limit: number): readonly FileEntry[] | undefined {
    const entries: FileEntry[] = [];
    for (const id of this.ids.slice(from, from + limit)) {
      const entry = this.find(id);
      const offered = this.snapshots.get(id);
      if (!entry || entry.size !== offered?.size || entry.path !== offered.path) return undefined;
      entries.push(entry);
    }
    return entries;
  }

  /** Those of entries `from` to `from + limit` that are still here, whatever became of them. */
  existing(from: number, limit: number): readonly FileEntry[] {
    return this.ids.slice(from, from + limit).flatMap((id) => this.find(id) ?? []);
  }

  private find(id: string): FileEntry | undefined {
    try {
      return this.catalogue.get(id);
    } catch (error) {
      if (error instanceof FileStoreError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }
}
