import type { ConflictRule } from '@ferry/protocol';

/** A file that the user wants to add to the share. */
export interface UploadSource {
  readonly file: File;
  /** Where in the share, `/`-separated with the name; only for files of a folder, or below one. */
  readonly path?: string;
  /** What happens when the name is taken; absent: the setting of the node. */
  readonly onConflict?: ConflictRule;
}

/** `skipped`: the name was taken and the rule said so; nothing was changed. */
export type UploadOutcome = 'done' | 'skipped';

/**
 * Sends one file and resolves when the node has it under its name, or has skipped it.
 * @throws ProblemError; AbortError after `signal`.
 */
export type SendUpload = (
  source: UploadSource,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
) => Promise<UploadOutcome>;
