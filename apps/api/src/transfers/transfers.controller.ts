import type { Page, Transfer, TransferFile } from '@ferry/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CreateTransferDto, ListTransfersDto, PageQueryDto, UpdateTransferDto } from './transfer.dto';
import { TransfersService } from './transfers.service';

/** Time the peer has to describe the entries of a new transfer. */
const DESCRIBE_TIMEOUT_MS = 30_000;

@ApiTags('transfers')
@Controller('transfers')
export class TransfersController {
  constructor(private readonly transfers: TransfersService) {}

  @Get()
  @ApiOperation({ summary: 'Transfers and history, newest first' })
  list(@Query() { state, ...query }: ListTransfersDto): Page<Transfer> {
    return this.transfers.list({ ...query, ...(state && { states: state }) });
  }

  @Post()
  @ApiOperation({ summary: 'Pull entries from a paired peer: one transfer for all of them' })
  create(@Body() request: CreateTransferDto): Promise<Transfer> {
    return this.transfers.create(request, AbortSignal.timeout(DESCRIBE_TIMEOUT_MS));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One transfer' })
  get(@Param('id') id: string): Transfer {
    return this.transfers.get(id);
  }

  @Get(':id/files')
  @ApiOperation({ summary: 'The files of a transfer, in the order of the request' })
  files(@Param('id') id: string, @Query() query: PageQueryDto): Page<TransferFile> {
    return this.transfers.files(id, query);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Pause, or go on from the verified blocks' })
  update(@Param('id') id: string, @Body() { state }: UpdateTransferDto): Promise<Transfer> | Transfer {
    return state === 'paused' ? this.transfers.pause(id) : this.transfers.resume(id);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try a failed transfer again, from its verified blocks' })
  retry(@Param('id') id: string): Transfer {
    return this.transfers.resume(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Cancel an unfinished transfer, or take a finished one off the list' })
  remove(@Param('id') id: string): Promise<void> {
    return this.transfers.remove(id);
  }
}
