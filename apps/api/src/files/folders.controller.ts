import { FileStore } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';
import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiProblems } from '../http/api-problems';
import { CreateFolderDto, FileEntryDto } from './files.dto';

@ApiTags('files')
@Controller('folders')
export class FoldersController {
  constructor(private readonly store: FileStore) {}

  @Post()
  @ApiOperation({ summary: 'Makes a folder in the share; that it is there already is fine' })
  @ApiCreatedResponse({ type: FileEntryDto, description: 'It was made' })
  @ApiOkResponse({ type: FileEntryDto, description: 'It was there already' })
  @ApiProblems(
    'validation',
    'malformed-body',
    'unsafe-path',
    'name-conflict',
    'folder-unusable',
    'insufficient-storage',
    'unsupported-media-type',
  )
  async create(@Body() { path }: CreateFolderDto, @Res({ passthrough: true }) response: Response): Promise<FileEntry> {
    const { folder, isNew } = await this.store.ensureFolder('shared', path);
    if (!isNew) response.status(200);
    response.location(`/api/v1/files/${folder.id}`);
    return folder;
  }
}
