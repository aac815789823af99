import { createHash } from 'node:crypto';
import { type EntryCatalogue, FileStoreError } from '@ferry/file-store';
import { MAX_OFFER_FILES, type FileEntry } from '@ferry/protocol';
import { OfferError } from './offer-error';
import { expandFolder } from './expand-folder';

const DIGEST_BYTES = 16;

/** An entry as it was when it was offered: little, as there may be 100,000. */
interface Snapshot {
  /** Of path and size, which must stay; of a folder of the path alone. */
  readonly digest: string;
  readonly size: number;
  readonly isFolder: boolean;
}

type Catalogue = Pick<EntryCatalogue, 'get' | 'below'>;

/** The files and empty folders of one offer as they were when it was made; shared by the offers to several peers that one request makes. */
export class OfferedEntries {
  readonly bytes: number;
  private readonly ids: readonly string[];

  private constructor(
    private readonly catalogue: Catalogue,
    private readonly snapshots: ReadonlyMap<string, Snapshot>,
  ) {
    this.ids = [...snapshots.keys()];
    this.bytes = [...snapshots.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * @param entryIds of files and folders; a folder stands for the files below it and the folders in which nothing lies.
   * @throws FileStoreError NOT_FOUND for what is no entry of this device, or gone; OfferError TOO_MANY_FILES.
   */
  static async take(catalogue: Catalogue, entryIds: readonly string[]): Promise<OfferedEntries> {
    const snapshots = new Map<string, Snapshot>();
    for (const id of entryIds) {
      const entry = catalogue.get(id);
      if (entry.state === 'missing')
        throw new FileStoreError('NOT_FOUND', `The entry ${id.slice(0, 64)} is not on this device any more.`);
      const pages = entry.kind === 'folder' ? expandFolder(catalogue, entry) : [[entry]];
      for await (const page of pages) {
        for (const each of page) snapshots.set(each.id, snapshotOf(each));
        if (snapshots.size > MAX_OFFER_FILES) throw tooManyFiles();
      }
    }
    return new OfferedEntries(catalogue, snapshots);
  }

  /** The same for a device that does not know folders. */
  withoutFolders(): OfferedEntries {
    const files = [...this.snapshots].filter(([, { isFolder }]) => !isFolder);
    return files.length === this.count ? this : new OfferedEntries(this.catalogue, new Map(files));
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
      if (!entry || snapshotOf(entry).digest !== this.snapshots.get(id)?.digest) return undefined;
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

/** What comes into a folder after it was offered does not change the offer. */
function snapshotOf({ path, kind, size }: FileEntry): Snapshot {
  const isFolder = kind === 'folder';
  const fields = JSON.stringify(isFolder ? [path] : [path, size]);
  const digest = createHash('sha256').update(fields).digest().toString('base64', 0, DIGEST_BYTES);
  return { digest, size: isFolder ? 0 : size, isFolder };
}

function tooManyFiles(): OfferError {
  const most = MAX_OFFER_FILES.toLocaleString('en');
  return new OfferError(
    'TOO_MANY_FILES',
    `These are more than ${most} files: offer parts of them one after the other.`,
  );
}
