import { FileStore } from '@ferry/file-store';
import type { Page, TrashItem } from '@ferry/protocol';
import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems';
import { PageQueryDto } from '../http/page-query.dto';
import { TrashPageDto } from './trash.dto';

@ApiTags('trash')
@Controller('trash')
export class TrashController {
  constructor(private readonly store: FileStore) {}

  @Get()
  @ApiOperation({ summary: 'One page of what was deleted, the newest first; a deleted folder is one item' })
  @ApiOkResponse({ type: TrashPageDto })
  @ApiProblems('validation', 'bad-cursor')
  list(@Query() query: PageQueryDto): Page<TrashItem> {
    return this.store.trashBin.list(query);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes all that is in the trash for good' })
  @ApiNoContentResponse()
  @ApiProblems('folder-unusable')
  async empty(): Promise<void> {
    await this.store.trashBin.purgeAll();
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes one item of the trash for good' })
  @ApiNoContentResponse()
  @ApiProblems('file-not-found', 'folder-unusable')
  async remove(@Param('id') id: string): Promise<void> {
    await this.store.trashBin.purge(id);
  }
}
