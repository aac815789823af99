import { create as contentDisposition } from 'content-disposition';
import type { Request, Response } from 'express';
import { UNTRUSTED_CONTENT, wellFormed } from '../files/content-answer';
import { sendChunks } from '../http/send-chunks';
import type { ArchivesService, PreparedZip } from './archives.service';

/**
 * Answers one GET or HEAD with a zip. What is read waits for the client; when the client goes, reading stops.
 * @throws what `prepare` throws; FileStoreError when a file changed or went on the way: the answer is cut off then.
 */
export async function answerArchive(
  archives: ArchivesService,
  request: Request,
  response: Response,
  prepare: (signal: AbortSignal) => Promise<PreparedZip>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  await archives.download(async () => {
    const zip = await prepare(gone.signal);
    response.status(200).set({
      'Content-Type': 'application/zip',
      'Content-Length': String(zip.size),
      'Content-Disposition': contentDisposition(wellFormed(zip.name)),
      'Accept-Ranges': 'none',
      'Cache-Control': 'private, no-store',
      ...UNTRUSTED_CONTENT,
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    await sendChunks(response, zip.bytes());
  });
}
