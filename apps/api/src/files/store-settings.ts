import { FileStore, FileStoreError, type AcceptLimits } from '@ferry/file-store';
import type { FileScope, Settings, UpdateSettingsRequest } from '@ferry/protocol';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ProblemError } from '../http/problem-error';
import { SettingsService } from '../settings/settings.service';

const DAY_MS = 24 * 60 * 60 * 1000;

const FOLDERS = { sharedDir: 'shared', receivedDir: 'received' } as const satisfies Partial<
  Record<keyof Settings, FileScope>
>;
type FolderField = keyof typeof FOLDERS;

/** Hands the settings that concern the file store to it, whenever they change. */
@Injectable()
export class StoreSettings implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(StoreSettings.name);
  private readonly subscriptions: (() => void)[] = [];

  constructor(
    private readonly store: FileStore,
    private readonly settings: SettingsService,
  ) {}

  onModuleInit(): void {
    for (const { reason } of this.store.unusableFolders())
      this.logger.error(
        `${reason}. It is not made anew, as its disk may only be away: bring it back or change the settings.`,
      );
    this.subscriptions.push(
      this.settings.applyBy((next, before, request) => this.changeFolders(next, before, request)),
      this.settings.onChange((now, before) => {
        this.store.setLimits(acceptLimits(now));
        if (now.trashRetentionDays !== before.trashRetentionDays)
          void this.store.trashBin.setRetention(trashRetentionMs(now));
      }),
    );
  }

  onModuleDestroy(): void {
    for (const unsubscribe of this.subscriptions) unsubscribe();
  }

  /** Of two, either may have to make room for the other. */
  private async changeFolders(next: Settings, before: Settings, request: UpdateSettingsRequest): Promise<void> {
    const unusable = new Set(this.store.unusableFolders().map(({ scope }) => scope));
    const fields = (Object.keys(FOLDERS) as FolderField[]).filter(
      (field) => next[field] !== before[field] || (request[field] !== undefined && unusable.has(FOLDERS[field])),
    );
    if (fields.length > 1) for (const field of [...fields].reverse()) await this.check(field, next);
    try {
      await this.changeAll(fields, next, before);
    } catch (error) {
      if (fields.length < 2) throw error;
      await this.changeAll([...fields].reverse(), next, before);
    }
  }

  /** Before anything is changed: to change a folder and back ends uploads and gives its files other ids. */
  private async check(field: FolderField, next: Settings): Promise<void> {
    const other = field === 'sharedDir' ? 'receivedDir' : 'sharedDir';
    try {
      await this.store.checkFolder(FOLDERS[field], next[field], next[other]);
    } catch (error) {
      throw asProblem(field, error);
    }
  }

  /** All or none. */
  private async changeAll(fields: readonly FolderField[], next: Settings, before: Settings): Promise<void> {
    const changed: FolderField[] = [];
    for (const field of fields) {
      try {
        await this.store.changeFolder(FOLDERS[field], next[field]);
        changed.push(field);
      } catch (error) {
        for (const each of changed) await this.store.changeFolder(FOLDERS[each], before[each]);
        throw asProblem(field, error);
      }
    }
  }
}

/** What uploads and incoming files are checked against. */
export function acceptLimits({ maxFileSize, allowedExtensions, blockedExtensions }: Settings): AcceptLimits {
  return { maxFileSize, allowedExtensions, blockedExtensions };
}

/** Milliseconds; 0 = for ever. */
export function trashRetentionMs({ trashRetentionDays }: Settings): number {
  return trashRetentionDays * DAY_MS;
}

/** Folders that the user has chosen himself. */
export function storedFolders(settings: SettingsService): FileScope[] {
  return (Object.keys(FOLDERS) as FolderField[])
    .filter((field) => settings.isStored(field))
    .map((field) => FOLDERS[field]);
}

/** Names the field. */
function asProblem(field: FolderField, error: unknown): unknown {
  if (!(error instanceof FileStoreError) || error.code !== 'FOLDER_UNUSABLE') return error;
  const detail = `${error.message}.`;
  return new ProblemError('folder-unusable', detail, [{ pointer: `/${field}`, code: 'folder-unusable', detail }]);
}
