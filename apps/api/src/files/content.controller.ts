import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { FileStore } from '@ferry/file-store';
import { answerArchive } from '../archives/archive-answer';
import { ArchivesService } from '../archives/archives.service';
import { ApiProblems } from '../http/api-problems';
import { ContentAnswer } from './content-answer';
import { wantedDigest } from './content-digest';

/** Of the media type of the file, whatever it is. */
const BYTES = { '*/*': { schema: { type: 'string', format: 'binary' } } };

@ApiTags('files')
@Controller('files')
export class ContentController {
  constructor(
    private readonly store: FileStore,
    private readonly archives: ArchivesService,
  ) {}

  /** Express answers HEAD by the same route. */
  @Get(':id/content')
  @ApiOperation({
    summary: 'The bytes of a file, whole or one range; of a folder a zip',
    description:
      'Repr-Digest holds the SHA-256 of the whole file once it is known; asking for it has it computed next.',
  })
  @ApiHeader({ name: 'Range', required: false })
  @ApiHeader({ name: 'If-Range', required: false })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiHeader({
    name: 'If-Unmodified-Since',
    required: false,
    description: 'An HTTP date; not looked at beside If-Match',
  })
  @ApiHeader({ name: 'Want-Repr-Digest', required: false, description: 'sha-256=1 to 10' })
  @ApiResponse({ status: 200, description: 'The whole file', content: BYTES })
  @ApiResponse({ status: 206, description: 'The range', content: BYTES })
  @ApiResponse({ status: 304, description: 'Not changed' })
  @ApiProblems('file-not-found', 'file-changed', 'precondition-failed', 'range-unsatisfiable', 'too-many-requests')
  async read(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { kind, name, sha256 } = this.store.entries.get(id);
    if (kind === 'folder') {
      return answerArchive(this.archives, request, response, (signal) =>
        this.archives.prepareEntries([id], `${name}.zip`, signal),
      );
    }
    if (sha256 === undefined && (wantedDigest(request) ?? 0) > 0) this.store.prioritise(id);
    const reader = await this.store.openForRead(id);
    try {
      await reader.assertUnchanged();
      await new ContentAnswer(reader, request, response).send();
    } finally {
      await reader.close();
    }
  }
}
