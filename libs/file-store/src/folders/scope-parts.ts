import type { FileScope } from '@ferry/protocol';
import type { Database } from '../database/database';
import { BusyPaths } from '../disk/busy-paths';
import type { Root } from '../disk/root';
import type { EntryIndex } from '../entries/entry-index';
import type { EntryRow } from '../entries/entry-row';
import type { FileStoreError } from '../file-store-error';
import type { AcceptLimits } from '../names/accept';
import type { BlockReuse } from '../reuse/block-reuse';
import { ScopeFolder } from '../share/scope-folder';
import type { SkipListener } from '../share/walk';
import { Staging } from '../staging/staging';
import { ResumableUploads } from '../uploads/resumable-uploads';
import { Uploads } from '../uploads/uploads';
import type { WorkerPool } from '../workers/worker-pool';

export interface ScopePartsOptions {
  readonly database: Database;
  readonly index: EntryIndex;
  readonly reuse: BlockReuse;
  /** Verifies and writes what is received. */
  readonly writing: WorkerPool;
  /** Read for each upload. */
  readonly limits: () => AcceptLimits;
  readonly onSkip: SkipListener;
  readonly onObserved: (changed?: EntryRow) => void;
  readonly onPublished: () => void;
  readonly onTrash: () => void;
  /** Absolute paths of the other scope's root and of all that may not be moved. */
  readonly apart: (scope: FileScope) => { readonly otherRoot: string; readonly fixedPaths: readonly string[] };
}

/** What the store has open of one folder; when the user changes it, all of that is opened anew. */
export interface ScopeParts {
  readonly root: Root;
  readonly folder: ScopeFolder;
  readonly busy: BusyPaths;
  /** Why nothing can be put into the folder or taken out: it is not there, and this one stands in for it. */
  readonly refusal: FileStoreError | undefined;
  close(): Promise<void>;
}

export interface SharedParts extends ScopeParts {
  readonly uploads: Uploads;
  readonly resumable: ResumableUploads;
  /** Aborted when another folder has taken the place of this one. */
  readonly end: AbortController;
}

export interface ReceivedParts extends ScopeParts {
  readonly staging: Staging;
}

/** Opens the share, repairing what a crash left. @param root closed with the parts. */
export async function openShared(
  root: Root,
  options: ScopePartsOptions,
  refusal?: FileStoreError,
): Promise<SharedParts> {
  const common = await openCommon(root, options, refusal);
  const { database, index, limits, onPublished } = options;
  const sharing = { database, index, root, publishing: common.folder.publishing };
  const uploads = await Uploads.start(sharing);
  const resumable = await ResumableUploads.start({ ...sharing, limits, onPublished });
  const close = async () => {
    await resumable.close();
    await uploads.close();
    await root.close();
  };
  return { ...common, uploads, resumable, end: new AbortController(), close };
}

/** The same for the folder of received files. */
export async function openReceived(
  root: Root,
  options: ScopePartsOptions,
  refusal?: FileStoreError,
): Promise<ReceivedParts> {
  const common = await openCommon(root, options, refusal);
  const { database, index, reuse, writing } = options;
  const { publishing } = common.folder;
  const staging = await Staging.start({ database, index, root, publishing, reuse, pool: writing, refusal });
  const close = async () => {
    await staging.close();
    await root.close();
  };
  return { ...common, staging, close };
}

async function openCommon(
  root: Root,
  options: ScopePartsOptions,
  refusal: FileStoreError | undefined,
): Promise<Omit<ScopeParts, 'close'>> {
  const { database, index, onSkip, onObserved, onTrash, apart } = options;
  const busy = new BusyPaths();
  if (refusal) busy.refuse(refusal);
  const folder = await ScopeFolder.open(root, {
    ...{ database, index, busy, onSkip, onObserved, onTrash },
    apart: () => apart(root.scope),
    isStandIn: refusal !== undefined,
  });
  return { root, folder, busy, refusal };
}
