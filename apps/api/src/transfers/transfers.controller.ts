import type { Page, Transfer, TransferFile } from '@ferry/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems';
import {
  CreateTransferDto,
  ListTransfersDto,
  TransferDto,
  TransferFilePageDto,
  TransferPageDto,
  UpdateTransferDto,
} from './transfer.dto';
import { PageQueryDto } from '../http/page-query.dto';
import { TransferRequests } from './transfer-requests';
import { TransfersService } from './transfers.service';

@ApiTags('transfers')
@Controller('transfers')
export class TransfersController {
  constructor(
    private readonly transfers: TransfersService,
    private readonly requests: TransferRequests,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Transfers and history, newest first' })
  @ApiOkResponse({ type: TransferPageDto })
  @ApiProblems('validation', 'bad-cursor')
  list(@Query() { state, ...query }: ListTransfersDto): Page<Transfer> {
    return this.transfers.list({ ...query, ...(state && { states: state }) });
  }

  @Post()
  @ApiOperation({ summary: 'Pull files and folders from a paired peer: one transfer for all of them' })
  @ApiCreatedResponse({ type: TransferDto })
  @ApiProblems(
    'validation',
    'malformed-body',
    'unsafe-path',
    'peer-untrusted',
    'peer-not-found',
    'file-not-found',
    'file-too-large',
    'file-changed',
    'body-too-large',
    'extension-not-allowed',
    'unsupported-media-type',
    'peer-unreachable',
    'peer-refused',
    'peer-identity',
    'peer-version',
    'peer-offline',
  )
  create(@Body() request: CreateTransferDto): Promise<Transfer> {
    return this.requests.create(request);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One transfer' })
  @ApiOkResponse({ type: TransferDto })
  @ApiProblems('transfer-not-found')
  get(@Param('id') id: string): Transfer {
    return this.transfers.get(id);
  }

  @Get(':id/files')
  @ApiOperation({ summary: 'The files of a transfer, in the order of the request' })
  @ApiOkResponse({ type: TransferFilePageDto })
  @ApiProblems('validation', 'bad-cursor', 'transfer-not-found')
  files(@Param('id') id: string, @Query() query: PageQueryDto): Page<TransferFile> {
    return this.transfers.files(id, query);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Pause, or go on from the verified blocks' })
  @ApiOkResponse({ type: TransferDto })
  @ApiProblems('validation', 'malformed-body', 'transfer-not-found', 'illegal-transition', 'unsupported-media-type')
  update(@Param('id') id: string, @Body() { state }: UpdateTransferDto): Promise<Transfer> | Transfer {
    return state === 'paused' ? this.transfers.pause(id) : this.transfers.resume(id);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try a failed transfer again, from its verified blocks' })
  @ApiOkResponse({ type: TransferDto })
  @ApiProblems('transfer-not-found', 'illegal-transition')
  retry(@Param('id') id: string): Transfer {
    return this.transfers.resume(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Cancel an unfinished transfer, or take a finished one off the list' })
  @ApiNoContentResponse()
  @ApiProblems('transfer-not-found')
  remove(@Param('id') id: string): Promise<void> {
    return this.transfers.remove(id);
  }
}
