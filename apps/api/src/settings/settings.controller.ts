import type { Settings } from '@ferry/protocol';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems';
import { SettingsDto, UpdateSettingsDto } from './settings.dto';
import { SettingsService } from './settings.service';

@ApiTags('settings')
@Controller('settings')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @ApiOperation({ summary: 'What can be changed while the node runs' })
  @ApiOkResponse({ type: SettingsDto })
  read(): Settings {
    return this.settings.current();
  }

  @Patch()
  @ApiOperation({ summary: 'Changes some settings, at once and for good; null goes back to the environment' })
  @ApiOkResponse({ type: SettingsDto })
  @ApiProblems('validation', 'malformed-body', 'folder-unusable', 'unsupported-media-type')
  update(@Body() request: UpdateSettingsDto): Promise<Settings> {
    return this.settings.update(request);
  }
}
