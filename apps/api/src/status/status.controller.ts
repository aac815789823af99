import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { NodeStatus } from '@ferry/protocol';
import { NodeStatusDto } from './status.dto';
import { StatusService } from './status.service';

@ApiTags('status')
@Controller('status')
export class StatusController {
  constructor(private readonly status: StatusService) {}

  @Get()
  @ApiOperation({ summary: 'Who this node is, its limits, its space and its totals' })
  @ApiOkResponse({ type: NodeStatusDto })
  read(): Promise<NodeStatus> {
    return this.status.read();
  }
}
