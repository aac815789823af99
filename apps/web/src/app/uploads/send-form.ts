import { apiUrl } from '../http/api-url';
import { readProblem } from '../http/read-problem';
import type { SendUpload } from './upload-source';

const CREATED = 201;
/** The file was there, and the rule was to skip it. */
const OK = 200;

/** Sends one file as a form: one request, from its beginning. XMLHttpRequest, because fetch reports no upload progress. */
export const sendForm: SendUpload = ({ file, path, onConflict }, onProgress, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', apiUrl('files'));
    request.upload.onprogress = ({ loaded }) => onProgress(Math.min(loaded, file.size));
    request.onload = () => {
      if (request.status === CREATED) resolve('done');
      else if (request.status === OK) resolve('skipped');
      else reject(readProblem(request.status, request.responseText));
    };
    request.onerror = () => reject(readProblem(0, null));
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    if (path !== undefined) form.append('path', path); // before the file: the node needs it when the bytes begin
    if (onConflict !== undefined) form.append('onConflict', onConflict);
    form.append('file', file, file.name);
    request.send(form);
  });
