import type { ScanResult } from '@ferry/protocol';
import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiProblems } from '../../http/api-problems';
import { ScanResultDto } from './scan.dto';
import { ScanService } from './scan.service';

@ApiTags('peers')
@Controller('peers/scan')
export class ScanController {
  constructor(private readonly scan: ScanService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Look for devices in the own subnets, where the network drops multicast; they become nearby',
  })
  @ApiOkResponse({ type: ScanResultDto })
  @ApiProblems('scan-off', 'too-many-requests')
  run(@Res({ passthrough: true }) response: Response): Promise<ScanResult> {
    const hangUp = new AbortController();
    response.once('close', () => hangUp.abort());
    return this.scan.run(hangUp.signal);
  }
}
