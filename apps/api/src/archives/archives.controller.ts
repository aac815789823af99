import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Archive } from '@ferry/protocol';
import { ApiProblems } from '../http/api-problems';
import { answerArchive } from './archive-answer';
import { ArchiveDto, CreateArchiveDto } from './archive.dto';
import { ArchivesService } from './archives.service';

const ZIP = { 'application/zip': { schema: { type: 'string', format: 'binary' } } };

@ApiTags('files')
@Controller('archives')
export class ArchivesController {
  constructor(private readonly archives: ArchivesService) {}

  @Post()
  @ApiOperation({ summary: 'Prepares a zip of files and folders; nothing of it is stored' })
  @ApiCreatedResponse({ type: ArchiveDto })
  @ApiProblems('validation', 'file-not-found')
  create(@Body() { entryIds }: CreateArchiveDto): Promise<Archive> {
    return this.archives.create(entryIds);
  }

  /** Express answers HEAD by the same route. */
  @Get(':id')
  @ApiOperation({
    summary: 'The zip, not compressed, with zip64 where it needs it',
    description: 'A file that changes or vanishes on the way ends the connection before the end of the zip.',
  })
  @ApiOkResponse({ content: ZIP })
  @ApiProblems('archive-not-found', 'file-not-found', 'too-many-requests')
  read(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return answerArchive(this.archives, request, response, (signal) => this.archives.prepare(id, signal));
  }
}
