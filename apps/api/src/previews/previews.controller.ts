import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { FileStore, type EntryReader } from '@ferry/file-store';
import { ContentAnswer } from '../files/content-answer';
import { ApiProblems } from '../http/api-problems';
import { ProblemError } from '../http/problem-error';
import { PreviewQuery } from './preview-query';
import { isShown, PREVIEW_HEADERS } from './preview-types';
import { sniffMedia } from './sniff-media';
import { readText } from './text-preview';

const TEXT_TYPE = 'text/plain; charset=utf-8';
const BYTES = { '*/*': { schema: { type: 'string', format: 'binary' } } };

@ApiTags('files')
@Controller('files')
export class PreviewsController {
  constructor(private readonly store: FileStore) {}

  /** Express answers HEAD by the same route. */
  @Get(':id/preview')
  @ApiOperation({
    summary: 'A file as a browser can show it safely',
    description:
      'Images, MP4, WebM, MP3, Ogg, PDF and UTF-8 text, told by their content, in a sandbox. HTML, SVG and XML are never shown.',
  })
  @ApiHeader({ name: 'Range', required: false })
  @ApiResponse({ status: 200, description: 'The whole file, or the beginning of the text', content: BYTES })
  @ApiResponse({ status: 206, description: 'The range', content: BYTES })
  @ApiResponse({ status: 304, description: 'Not changed' })
  @ApiProblems('validation', 'file-not-found', 'file-changed', 'no-preview', 'range-unsatisfiable')
  async read(
    @Param('id') id: string,
    @Query() { text }: PreviewQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { kind, sha256 } = this.store.entries.get(id);
    if (kind === 'folder') throw noPreview('Folders have no preview.');
    if (sha256 === undefined) this.store.prioritise(id); // who looks at a file sees its checksum, too
    const reader = await this.store.openForRead(id);
    try {
      await reader.assertUnchanged();
      await (text === '1' ? sendText(reader, request, response) : send(reader, request, response));
    } finally {
      await reader.close();
    }
  }
}

async function send(reader: EntryReader, request: Request, response: Response): Promise<void> {
  const sniffed = await sniffMedia(reader);
  const mediaType = sniffed ?? ((await readText(reader)) && TEXT_TYPE);
  if (mediaType !== TEXT_TYPE && !isShown(mediaType)) throw noPreview('Files of this type are not shown. Download it.');
  const form = { mediaType, disposition: 'inline', headers: PREVIEW_HEADERS } as const;
  await new ContentAnswer(reader, request, response, form).send();
}

/** The beginning of a text, as a content of its own: without ranges, and without the digest of the whole. */
async function sendText(reader: EntryReader, request: Request, response: Response): Promise<void> {
  const bytes = (await sniffMedia(reader)) === undefined ? await readText(reader) : undefined;
  if (!bytes) throw noPreview('This is not a text in UTF-8.');
  const { fileId } = reader.entry;
  response.set({
    'Cache-Control': 'private, no-cache',
    ...PREVIEW_HEADERS,
    ...(fileId !== undefined && { ETag: `"${fileId}-text"` }),
  });
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  response.set({ 'Content-Type': TEXT_TYPE, 'Content-Length': String(bytes.length), 'Content-Disposition': 'inline' });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function noPreview(detail: string): ProblemError {
  return new ProblemError('no-preview', detail);
}
