import { DetailedError, Upload } from 'tus-js-client';
import { apiUrl } from '../http/api-url';
import { readProblem } from '../http/read-problem';
import type { SendUpload, UploadSource } from './upload-source';

/** About two minutes in all: a node that is started again is back by then. */
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000];
const SERVER_FAULT = 500;
const LOCKED = 423;
/** The disk is full: trying again at once would not help. */
const FULL = 507;
/** Of the answer to the last byte. */
const SKIPPED_HEADER = 'Ferry-Entry-Skipped';

/**
 * Sends one file by tus: after a lost connection, a restart of the node or a reload of the page it goes on where it was.
 * What was begun is remembered by name, size and time of the file; who cancels forgets it, here and on the node.
 */
export const sendResumable: SendUpload = (source, onProgress, signal) =>
  new Promise((resolve, reject) => {
    const upload = new Upload(source.file, {
      endpoint: apiUrl('uploads'),
      metadata: metadataOf(source),
      retryDelays: RETRY_DELAYS_MS,
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: true,
      onProgress,
      onShouldRetry: (error) => isWorthRetrying(statusOf(error)),
      onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader(SKIPPED_HEADER) === 'true' ? 'skipped' : 'done'),
      onError: (error) => reject(problemOf(error)),
    });
    const cancel = () => {
      reject(new DOMException('The upload was cancelled.', 'AbortError'));
      void upload.abort(true).catch(() => undefined); // what cannot be deleted now expires on the node
    };
    signal.addEventListener('abort', cancel, { once: true });
    void begin(upload, signal).catch((error: unknown) => reject(problemOf(error)));
  });

async function begin(upload: Upload, signal: AbortSignal): Promise<void> {
  const [former] = await upload.findPreviousUploads();
  if (signal.aborted) return;
  if (former) upload.resumeFromPreviousUpload(former);
  upload.start();
}

function metadataOf({ file, path, onConflict }: UploadSource): Record<string, string> {
  return {
    filename: file.name,
    ...(file.type !== '' && { filetype: file.type }),
    ...(path !== undefined && { path }),
    ...(onConflict !== undefined && { onConflict }),
  };
}

function isWorthRetrying(status: number): boolean {
  return status === 0 || status === LOCKED || (status >= SERVER_FAULT && status !== FULL);
}

function statusOf(error: unknown): number {
  return error instanceof DetailedError ? (error.originalResponse?.getStatus() ?? 0) : 0;
}

function problemOf(error: unknown): Error {
  const body = error instanceof DetailedError ? error.originalResponse?.getBody() : undefined;
  return readProblem(statusOf(error), body ?? null, error);
}
