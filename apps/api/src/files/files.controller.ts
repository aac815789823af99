import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { FileStore } from '@ferry/file-store';
import { CONFLICT_RULES, type FileEntry, type Page } from '@ferry/protocol';
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
    onConflict: {
      type: 'string',
      enum: [...CONFLICT_RULES],
      description: 'When the name is taken; default is the setting',
    },
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
  @ApiHeader({
    name: 'Repr-Digest',
    required: false,
    description: 'sha-256 or sha-512 of the file, or of the whole body',
  })
  @ApiHeader({ name: 'Content-Digest', required: false, description: 'Likewise' })
  @ApiCreatedResponse({ type: FileEntryDto })
  @ApiOkResponse({ type: FileEntryDto, description: 'Skipped: the entry that had the name, unchanged' })
  @ApiProblems(
    'validation',
    'malformed-body',
    'unsafe-path',
    'name-conflict',
    'file-too-large',
    'extension-not-allowed',
    'unsupported-media-type',
    'hash-mismatch',
    'insufficient-storage',
  )
  async upload(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<FileEntry> {
    const { entry, isSkipped } = await this.uploads.receive(request, response);
    response.location(`/api/v1/files/${entry.id}`).status(isSkipped ? 200 : 201);
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
  @ApiOperation({ summary: 'Moves the file, or the folder with all below it, to the trash' })
  @ApiNoContentResponse()
  @ApiProblems('file-not-found', 'folder-unusable')
  async remove(@Param('id') id: string): Promise<void> {
    await this.store.trash(id);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes it back from the trash, beside what took its name meanwhile' })
  @ApiOkResponse({ type: FileEntryDto })
  @ApiProblems('file-not-found', 'name-conflict', 'folder-unusable')
  restore(@Param('id') id: string): Promise<FileEntry> {
    return this.store.restore(id);
  }
}
