import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { type ConflictRule, MAX_PAGE_LIMIT, type Settings } from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { Dialogs } from '../dialogs/dialogs';
import { FilesApi } from '../files/files-api';
import { parentFolder } from '../files/parent-folder';
import { apiUrl } from '../http/api-url';
import type { UploadSource } from './upload-source';

/** Folders that are asked about; in the others the setting of the node holds, without a question. */
const MAX_FOLDERS = 20;

/** What the dialog shows. */
export interface ConflictQuestion {
  readonly paths: readonly string[];
  /** What the node does when nobody is asked. */
  readonly usual: ConflictRule;
}

/** Asks what to do about files whose names are taken. Loaded when something is added. */
@Injectable({ providedIn: 'root' })
export class UploadConflicts {
  private readonly http = inject(HttpClient);
  private readonly files = inject(FilesApi);
  private readonly dialogs = inject(Dialogs);

  /** @returns the sources with the user's answer, none when the user cancelled; as they are when there is nothing to ask. */
  async settle(sources: readonly UploadSource[]): Promise<readonly UploadSource[]> {
    const taken = await this.taken(sources);
    if (taken.size === 0 || this.dialogs.isOpen()) return sources;
    const { onConflict: usual } = await firstValueFrom(this.http.get<Settings>(apiUrl('settings')));
    const question: ConflictQuestion = { paths: [...taken].map(pathOf), usual };
    const load = () => import('./conflict-dialog').then(({ ConflictDialog }) => ConflictDialog);
    const rule = await this.dialogs.open<ConflictRule>(load, question);
    if (rule === undefined) return [];
    return sources.map((source) => (taken.has(source) ? { ...source, onConflict: rule } : source));
  }

  private async taken(sources: readonly UploadSource[]): Promise<ReadonlySet<UploadSource>> {
    const byFolder = new Map<string, UploadSource[]>();
    for (const source of sources) {
      const folder = parentFolder(pathOf(source));
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), source]);
    }
    const asked = [...byFolder].slice(0, MAX_FOLDERS);
    const found = await Promise.all(asked.map(([folder, inIt]) => this.takenIn(folder, inIt)));
    return new Set(found.flat());
  }

  private async takenIn(folder: string, sources: readonly UploadSource[]): Promise<UploadSource[]> {
    const [only] = sources;
    const q = sources.length === 1 && only ? only.file.name : undefined;
    const { items } = await this.files.list({ scope: 'shared', folder, q, limit: MAX_PAGE_LIMIT });
    const names = new Set(items.filter(({ state }) => state !== 'missing').map(({ name }) => folded(name)));
    return sources.filter(({ file }) => names.has(folded(file.name)));
  }
}

function pathOf({ file, path }: UploadSource): string {
  return path ?? file.name;
}

/** About as the node compares names. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
