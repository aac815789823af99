import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { FileStore } from '@ferry/file-store';
import type { FileEntry, Page } from '@ferry/protocol';
import { ApiProblems } from '../http/api-problems';
import { Consumes } from '../http/media-type.guard';
import { FileEntryDto, FilePageDto, ListFilesQuery } from './files.dto';
import { UploadReceiver } from './upload-receiver';

const UPLOAD_FORM = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary' },
    path: { type: 'string', description: 'Where to put it in the share, with the name; else the name of the file' },
  },
};

@ApiTags('files')
@Controller('files')
export class FilesController {
  constructor(
    private readonly store: FileStore,
    private readonly uploads: UploadReceiver,
  ) {}

  @Get()
  @ApiOperation({ summary: 'One page of the shared or received files' })
  @ApiOkResponse({ type: FilePageDto })
  @ApiProblems('validation', 'bad-cursor')
  list(@Query() query: ListFilesQuery): Page<FileEntry> {
    return this.store.entries.list(query);
  }

  @Post()
  @Consumes('multipart/form-data')
  @ApiOperation({ summary: 'Adds one file to the share' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: UPLOAD_FORM })
  @ApiCreatedResponse({ type: FileEntryDto })
  @ApiProblems(
    'validation',
    'malformed-body',
    'unsafe-path',
    'file-too-large',
    'extension-not-allowed',
    'unsupported-media-type',
    'insufficient-storage',
  )
  async upload(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<FileEntry> {
    const entry = await this.uploads.receive(request, response);
    response.location(`/api/v1/files/${entry.id}`);
    return entry;
  }

  @Get(':id')
  @ApiOperation({ summary: 'One file' })
  @ApiOkResponse({ type: FileEntryDto })
  @ApiProblems('file-not-found')
  read(@Param('id') id: string): FileEntry {
    return this.store.entries.get(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Moves the file to the trash' })
  @ApiNoContentResponse()
  @ApiProblems('file-not-found')
  async remove(@Param('id') id: string): Promise<void> {
    await this.store.trash(id);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes the file back from the trash' })
  @ApiOkResponse({ type: FileEntryDto })
  @ApiProblems('file-not-found')
  restore(@Param('id') id: string): Promise<FileEntry> {
    return this.store.restore(id);
  }
}
