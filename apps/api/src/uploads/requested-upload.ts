import type { ConflictRule } from '@ferry/protocol';
import { readConflictRule } from '../http/conflict-rule';
import { ProblemError } from '../http/problem-error';
import type { UploadMetadata } from './upload-metadata';

/** What the client wants of an upload, beside its size. */
export interface RequestedUpload {
  /** Relative, as the client said it: the name policy of the store judges it. */
  readonly path: string;
  readonly onConflict: ConflictRule;
  readonly sha256?: string;
}

const SHA256 = /^[0-9a-f]{64}$/i;

/**
 * Reads what is known of the metadata; other keys are kept and mean nothing.
 * @param defaultRule for uploads that say nothing of it.
 * @throws ProblemError validation
 */
export function requestedUpload(metadata: UploadMetadata, defaultRule: ConflictRule): RequestedUpload {
  const { filename, name, path, webkitRelativePath, onConflict, sha256 } = metadata;
  if (sha256 && !SHA256.test(sha256)) throw invalid('sha256', 'must be 64 hex digits');
  return {
    path: wholePath(filename ?? name ?? '', path ?? webkitRelativePath ?? ''),
    onConflict: onConflict ? readConflictRule(onConflict) : defaultRule,
    ...(sha256 && { sha256: sha256.toLowerCase() }),
  };
}

/** @param path as in the form of `POST /files`: the whole path with the name, or, ending in `/`, only the folder. */
function wholePath(name: string, path: string): string {
  const whole = path === '' || path.endsWith('/') ? path + name : path;
  if (name === '' && whole === path && !/[^/]$/.test(path)) throw invalid('filename', 'must name the file');
  return whole;
}

function invalid(field: string, what: string): ProblemError {
  return ProblemError.ofField(field, 'matches', `${field} ${what}.`);
}
