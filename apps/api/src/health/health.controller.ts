import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems';
import { ProblemError } from '../http/problem-error';
import { ReadinessService, type ReadinessPart } from './readiness.service';

const WORDS: Readonly<Record<ReadinessPart, string>> = {
  http: 'the HTTP listener',
  peer: 'the peer listener',
  share: 'the first look at the share',
};

class HealthDto {
  @ApiProperty({ example: 'ok' }) readonly status!: string;
}

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether the process answers' })
  @ApiOkResponse({ type: HealthDto })
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether both listeners are up and the share was listed once' })
  @ApiOkResponse({ type: HealthDto })
  @ApiProblems('starting')
  ready(): HealthDto {
    const { missing } = this.readiness;
    if (missing.length === 0) return { status: 'ok' };
    const waiting = missing.map((part) => WORDS[part]).join(', ');
    throw new ProblemError('starting', `Still waiting for ${waiting}.`);
  }
}
