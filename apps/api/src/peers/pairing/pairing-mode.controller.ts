import type { PairingMode } from '@ferry/protocol';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-problems';
import { PairingModeService } from './pairing-mode.service';
import { PairingModeDto, SetPairingModeDto } from './pairings.dto';

@ApiTags('pairings')
@Controller('pairing-mode')
export class PairingModeController {
  constructor(private readonly mode: PairingModeService) {}

  @Get()
  @ApiOperation({ summary: 'Whether other devices may ask this one to compare' })
  @ApiOkResponse({ type: PairingModeDto })
  get(): PairingMode {
    return this.mode.current();
  }

  @Put()
  @ApiOperation({ summary: 'Open pairing mode for five minutes (again), or close it' })
  @ApiOkResponse({ type: PairingModeDto })
  @ApiProblems('validation', 'malformed-body')
  set(@Body() { open }: SetPairingModeDto): PairingMode {
    return this.mode.set(open);
  }
}
