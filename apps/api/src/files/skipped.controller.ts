import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { FileStore } from '@ferry/file-store';
import type { SkippedObjects } from '@ferry/protocol';
import { ApiProblems } from '../http/api-problems';
import { SkippedObjectsDto, SkippedQuery } from './skipped.dto';

@ApiTags('files')
@Controller('files/skipped')
export class SkippedController {
  constructor(private readonly store: FileStore) {}

  @Get()
  @ApiOperation({ summary: 'What lies in the folders and is not listed, with the reason' })
  @ApiOkResponse({ type: SkippedObjectsDto })
  @ApiProblems('validation')
  list(@Query() { scope }: SkippedQuery): SkippedObjects {
    return this.store.skipped(scope);
  }
}
