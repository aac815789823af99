import { InjectionToken } from '@angular/core';
import type { FileEntry } from '@ferry/protocol';
import { apiUrl } from '../http/api-url';
import { readProblem } from '../http/read-problem';

export interface UploadSource {
  readonly file: File;
  /** Where in the share, `/`-separated with the name; only for files of a folder. */
  readonly path?: string;
}

export type SendUpload = (
  source: UploadSource,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
) => Promise<FileEntry>;

/**
 * Sends one file as a form. XMLHttpRequest, because fetch reports no upload progress.
 * @throws ProblemError; AbortError after `signal`.
 */
export const sendUpload: SendUpload = ({ file, path }, onProgress, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', apiUrl('files'));
    request.upload.onprogress = ({ loaded }) => onProgress(Math.min(loaded, file.size));
    request.onload = () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as FileEntry);
      else reject(readProblem(request.status, request.responseText));
    };
    request.onerror = () => reject(readProblem(0, null));
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    if (path !== undefined) form.append('path', path); // before the file: the node needs it when the bytes begin
    form.append('file', file, file.name);
    request.send(form);
  });

/** How uploads are sent; tests put their own in its place. */
export const SEND_UPLOAD = new InjectionToken<SendUpload>('send upload', {
  providedIn: 'root',
  factory: () => sendUpload,
});
