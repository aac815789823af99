import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { FileStore } from '@ferry/file-store';
import { ApiProblems } from '../http/api-problems';
import { ContentAnswer } from './content-answer';

/** Of the media type of the file, whatever it is. */
const BYTES = { '*/*': { schema: { type: 'string', format: 'binary' } } };

@ApiTags('files')
@Controller('files')
export class ContentController {
  constructor(private readonly store: FileStore) {}

  /** Express answers HEAD by the same route. */
  @Get(':id/content')
  @ApiOperation({ summary: 'The bytes of a file, whole or one range' })
  @ApiHeader({ name: 'Range', required: false })
  @ApiHeader({ name: 'If-Range', required: false })
  @ApiResponse({ status: 200, description: 'The whole file', content: BYTES })
  @ApiResponse({ status: 206, description: 'The range', content: BYTES })
  @ApiResponse({ status: 304, description: 'Not changed' })
  @ApiProblems('file-not-found', 'file-changed', 'range-unsatisfiable')
  async read(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const reader = await this.store.openForRead(id);
    try {
      await reader.assertUnchanged();
      await new ContentAnswer(reader, request, response).send();
    } finally {
      await reader.close();
    }
  }
}
