import { InjectionToken } from '@angular/core';
import { sendForm } from './send-form';
import type { SendUpload } from './upload-source';

/** Smaller files are sent again as a whole more quickly than it is asked how far they got. */
const RESUMABLE_BYTES = 8 * 1024 * 1024;

const sendUpload: SendUpload = async (source, onProgress, signal) => {
  if (source.file.size < RESUMABLE_BYTES) return sendForm(source, onProgress, signal);
  const { sendResumable } = await import('./send-resumable'); // the library is loaded when it is needed
  signal.throwIfAborted();
  return sendResumable(source, onProgress, signal);
};

/** How uploads are sent; tests put their own in its place. */
export const SEND_UPLOAD = new InjectionToken<SendUpload>('send upload', {
  providedIn: 'root',
  factory: () => sendUpload,
});
