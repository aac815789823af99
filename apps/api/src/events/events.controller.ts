import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { EventStreams } from './event-streams';

@ApiTags('events')
@Controller('events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  @Get()
  @ApiOperation({ summary: 'Live events, as server-sent events' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Replays what came after it' })
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 200, schema: { type: 'string' } })
  connect(@Res() response: Response, @Headers('last-event-id') lastEventId?: string): void {
    this.streams.connect(response, lastEventId);
  }
}
