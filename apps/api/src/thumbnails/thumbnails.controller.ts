import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiProblems } from '../http/api-problems';
import { UNTRUSTED_CONTENT } from '../files/content-answer';
import { ThumbnailQuery } from './thumbnail-query';
import { ThumbnailsService } from './thumbnails.service';

const WEBP = { 'image/webp': { schema: { type: 'string', format: 'binary' } } };
const FOR_EVER = 'private, max-age=31536000, immutable';

@ApiTags('files')
@Controller('files')
export class ThumbnailsController {
  constructor(private readonly thumbnails: ThumbnailsService) {}

  @Get(':id/thumbnail')
  @ApiOperation({ summary: 'A small webp image of an image file: its first frame, upright, without metadata' })
  @ApiOkResponse({ content: WEBP })
  @ApiResponse({ status: 304, description: 'Not changed' })
  @ApiProblems('validation', 'file-not-found', 'file-changed', 'no-preview', 'too-many-requests')
  async read(
    @Param('id') id: string,
    @Query() { size, v }: ThumbnailQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { bytes, fileId } = await this.thumbnails.get(id, size);
    response.set({
      'Cache-Control': v !== undefined && v === fileId ? FOR_EVER : 'private, no-cache',
      ...UNTRUSTED_CONTENT,
      ...(fileId !== undefined && { ETag: `"${fileId}-${size}"` }),
    });
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    response.setHeader('Content-Type', 'image/webp');
    response.setHeader('Content-Length', bytes.length);
    response.end(bytes);
  }
}
