import type { ConflictRule } from './files';

/** What the user can change while the node runs; it is stored and wins over the environment. Source: DESIGN section 7. */
export interface Settings {
  /** Bytes; 0 = no limit. Applies to uploads and receiving. */
  readonly maxFileSize: number;
  /** Lower case, without dot; `['*']` = any but the blocked ones. */
  readonly allowedExtensions: readonly string[];
  /** Refused at every door, also under `*`. */
  readonly blockedExtensions: readonly string[];
  /** Absolute path of the folder that is shared. */
  readonly sharedDir: string;
  /** Absolute path of the folder for received files. */
  readonly receivedDir: string;
  /** Days after which what lies in the trash is deleted for good; 0 = never. */
  readonly trashRetentionDays: number;
  /** For uploads and received files that say nothing else. */
  readonly onConflict: ConflictRule;
}

/** `PATCH /settings`: what is absent stays as it is; `null` goes back to the environment's value. */
export type UpdateSettingsRequest = { readonly [Key in keyof Settings]?: Settings[Key] | null };
