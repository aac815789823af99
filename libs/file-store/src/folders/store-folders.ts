import type { FileScope } from '@ferry/protocol';
import { Root } from '../disk/root';
import { FileStoreError } from '../file-store-error';
import { ABSENT_FOLDER_LOOK_MS } from '../limits';
import { TaskQueue } from '../share/task-queue';
import { leaveNothing, removeEntries } from './leaving';
import { type StartOptions, isBack, openAtStart, openStandIn } from './presence';
import {
  type ReceivedParts,
  type ScopeParts,
  type ScopePartsOptions,
  type SharedParts,
  openReceived,
  openShared,
} from './scope-parts';
import {
  type OtherFolder,
  assertMakeable,
  assertWritable,
  locateFolder,
  privateFolder,
  realPlace,
  tryFolder,
  unusable,
} from './usable-folder';

export interface StoreFoldersOptions extends Omit<ScopePartsOptions, 'apart'>, StartOptions {}

/** A folder that cannot be used at this moment. */
export interface UnusableFolder {
  readonly scope: FileScope;
  readonly reason: string;
}

const OTHER: Readonly<Record<FileScope, FileScope>> = { shared: 'received', received: 'shared' };

/** The two folders of the store, each of which can be changed for another one while everything goes on. */
export class StoreFolders {
  private readonly changes = new TaskQueue();
  private readonly former: ScopeParts[] = [];
  private retry: NodeJS.Timeout | undefined;
  /** Where the folders are, or should be. */
  private readonly homes: Record<FileScope, string>;
  /** Of folders that went while we looked. */
  private readonly devices = new Map<FileScope, number>();
  private parts!: { shared: SharedParts; received: ReceivedParts };

  private constructor(private readonly options: StoreFoldersOptions) {
    this.homes = { ...options.dirs };
  }

  /** Opens both, making them if they may be missing, and repairs what a crash left; nothing is scanned before `start`. */
  static async open(options: StoreFoldersOptions): Promise<StoreFolders> {
    const privateDirs = await Promise.all(options.privateDirs.map(realPlace));
    const folders = new StoreFolders({ ...options, privateDirs });
    const roots = { shared: await openAtStart('shared', options), received: await openAtStart('received', options) };
    if (roots.shared.root.path === roots.received.root.path) {
      await Promise.all([roots.shared.root.close(), roots.received.root.close()]);
      throw new FileStoreError('IO', 'Shared and received files need two different folders');
    }
    const paths = { shared: roots.shared.root.path, received: roots.received.root.path };
    const opening = { ...options, apart: (scope: FileScope) => folders.apart(scope, paths) };
    folders.parts = {
      shared: await openShared(roots.shared.root, opening, roots.shared.refusal),
      received: await openReceived(roots.received.root, opening, roots.received.refusal),
    };
    return folders;
  }

  get shared(): SharedParts {
    return this.parts.shared;
  }

  get received(): ReceivedParts {
    return this.parts.received;
  }

  of(scope: FileScope): SharedParts | ReceivedParts {
    return this.parts[scope];
  }

  /** Lists both; resolves when that was done once. */
  async start(): Promise<void> {
    this.retry = setInterval(() => this.lookAround(), ABSENT_FOLDER_LOOK_MS).unref();
    await Promise.all([this.shared.folder.start(), this.received.folder.start()]);
  }

  unusable(): UnusableFolder[] {
    return [this.shared, this.received].flatMap(({ root: { scope }, refusal }) =>
      refusal ? [{ scope, reason: refusal.message }] : [],
    );
  }

  /**
   * Uses another folder from now on. What was listed leaves the list, uploads under way end; nothing on either disk is moved.
   * @throws FileStoreError FOLDER_UNUSABLE with the reason; everything stays as it was then.
   */
  change(scope: FileScope, dir: string): Promise<void> {
    return this.changes.run(() => this.carryOut(scope, dir));
  }

  /**
   * Finds out whether a folder could be used, were the other scope in `otherDir`; leaves nothing of what it makes for that.
   * @throws FileStoreError FOLDER_UNUSABLE with the reason.
   */
  check(scope: FileScope, dir: string, otherDir: string): Promise<void> {
    return this.changes.run(async () => {
      const path = await locateFolder(scope, dir, this.others(scope, otherDir));
      const { root, refusal } = this.of(scope);
      if (path === root.path && !refusal) return;
      this.assertNothingStaged(scope);
      await tryFolder(scope, path);
    });
  }

  /** Ends scans and watches; nothing is put anywhere any more. */
  async closeFolders(): Promise<void> {
    clearInterval(this.retry);
    await this.changes.idle();
    await Promise.all([this.shared.folder.close(), this.received.folder.close()]);
  }

  /** Closes the rest, those of former folders included. */
  async close(): Promise<void> {
    for (const parts of [...this.former, this.shared, this.received]) await parts.close();
  }

  private async carryOut(scope: FileScope, dir: string): Promise<void> {
    const before = this.of(scope);
    const path = await locateFolder(scope, dir, this.others(scope));
    if (path === before.root.path) return;
    this.assertNothingStaged(scope);
    await assertMakeable(scope, path);
    const after = await this.openOther(scope, path);
    const isSameFolder = before.refusal !== undefined && [dir, path].includes(this.homes[scope]);
    await this.swap(before, after, { keepsList: isSameFolder, isLeft: before.refusal === undefined });
    this.homes[scope] = path;
  }

  /** @param keepsList what was listed is in the new one as well. @param isLeft the old one is to be left as if we had not been there. */
  private async swap(
    before: SharedParts | ReceivedParts,
    after: SharedParts | ReceivedParts,
    { keepsList = false, isLeft = false },
  ) {
    const { scope } = after.root;
    const begin = after.refusal ? () => undefined : await after.busy.holdAlone('');
    try {
      await this.replace(before, after, isLeft);
    } catch (error) {
      await after.folder.close();
      await after.close();
      throw error;
    }
    try {
      if (!keepsList) await removeEntries(scope, this.options);
    } finally {
      begin();
      after.folder.start().catch((error: unknown) => this.options.onSkip('', String(error)));
      this.options.onTrash();
    }
  }

  private async openOther(scope: FileScope, path: string): Promise<SharedParts | ReceivedParts> {
    const root = await Root.open(scope, path);
    try {
      await assertWritable(root);
      return await this.openParts(root);
    } catch (error) {
      await root.close();
      throw error;
    }
  }

  private openParts(root: Root, refusal?: FileStoreError): Promise<SharedParts | ReceivedParts> {
    const opening = { ...this.options, apart: (each: FileScope) => this.apart(each) };
    return root.scope === 'shared' ? openShared(root, opening, refusal) : openReceived(root, opening, refusal);
  }

  /** Waits for what is being moved or published, then puts `after` in the place of `before`. */
  private async replace(
    before: SharedParts | ReceivedParts,
    after: SharedParts | ReceivedParts,
    isLeft: boolean,
  ): Promise<void> {
    const { scope } = after.root;
    const letGo = before.refusal ? () => undefined : await before.busy.holdAlone('');
    try {
      this.assertNothingStaged(scope);
      await before.folder.close();
      if ('staging' in after) this.parts.received = after;
      else {
        this.shared.end.abort();
        this.parts.shared = after;
      }
      before.busy.refuse(new FileStoreError('FOLDER_UNUSABLE', `The folder for ${scope} files was changed meanwhile`));
      this.former.push(before); // what still writes or reads there ends by itself
    } finally {
      letGo();
    }
    if (isLeft) await leaveNothing(before);
  }

  private assertNothingStaged(scope: FileScope): void {
    const { staging, refusal } = this.received;
    if (scope === 'shared' || refusal) return;
    const files = staging.unfinishedFiles();
    if (files > 0) throw unusable(scope, `cannot be changed while ${files} unfinished files of transfers are in it`);
  }

  /** A disk may be gone, or there again. What fails now is tried again with the next look. */
  private lookAround(): void {
    for (const scope of ['shared', 'received'] as const) {
      const { root, refusal } = this.of(scope);
      const dir = this.homes[scope];
      const looking = refusal
        ? isBack(dir, this.devices.get(scope)).then((is) => (is ? this.change(scope, dir) : undefined))
        : root.place().then((place) => (place === 'there' ? undefined : this.changes.run(() => this.follow(scope))));
      looking.catch(() => undefined);
    }
  }

  /** The folder is not where it was any more. Its list stays: another one with its name is compared with it, or one stands in for it. */
  private async follow(scope: FileScope): Promise<void> {
    const before = this.of(scope);
    const { path } = before.root;
    const place = before.refusal ? 'there' : await before.root.place();
    if (place === 'there') return;
    this.assertNothingStaged(scope);
    if (place === 'replaced' && (await locateFolder(scope, path, this.others(scope))) === path) {
      return this.swap(before, await this.openOther(scope, path), { keepsList: true });
    }
    if (this.options.standInDir === undefined) return;
    const device = await before.root.device();
    const refusal = unusable(scope, 'is not there any more');
    const root = await openStandIn(scope, this.options.standInDir);
    await this.swap(before, await this.openParts(root, refusal), { keepsList: true });
    this.homes[scope] = path;
    if (device !== undefined) this.devices.set(scope, device);
  }

  private others(scope: FileScope, otherDir?: string): OtherFolder[] {
    const { root, refusal } = this.of(OTHER[scope]);
    const path = otherDir ?? (refusal ? this.homes[OTHER[scope]] : root.path);
    return [{ path, words: `the folder for ${OTHER[scope]} files` }, ...this.options.privateDirs.map(privateFolder)];
  }

  private apart(scope: FileScope, paths?: Readonly<Record<FileScope, string>>) {
    const otherRoot = this.parts ? this.of(OTHER[scope]).root.path : (paths?.[OTHER[scope]] ?? '');
    return { otherRoot, fixedPaths: [otherRoot, ...this.options.privateDirs] };
  }
}
