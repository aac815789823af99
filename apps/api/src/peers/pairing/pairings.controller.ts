import type { Page, Pairing } from '@ferry/protocol';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-problems';
import { ClaimService } from './claim.service';
import { PairingService } from './pairing.service';
import { ClaimPairingDto, PairingDto, PairingPageDto } from './pairings.dto';

@ApiTags('pairings')
@Controller('pairings')
export class PairingsController {
  constructor(
    private readonly pairings: PairingService,
    private readonly claims: ClaimService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Pairings of the last minutes, newest first' })
  @ApiOkResponse({ type: PairingPageDto })
  list(): Page<Pairing> {
    const items = this.pairings.list();
    return { items, nextCursor: null, total: items.length };
  }

  @Post()
  @ApiOperation({ summary: 'An invitation for one device, valid for two minutes' })
  @ApiCreatedResponse({ type: PairingDto })
  invite(): Pairing {
    return this.pairings.invite();
  }

  @Post('claim')
  @ApiOperation({ summary: 'Pair with the device that gave this invitation' })
  @ApiCreatedResponse({ type: PairingDto, description: 'Both devices trust each other.' })
  @ApiProblems(
    'validation',
    'malformed-body',
    'pairing-malformed',
    'pairing-wrong-code',
    'pairing-self',
    'pairing-expired',
    'too-many-requests',
    'peer-unreachable',
    'peer-identity',
    'peer-version',
  )
  claim(@Body() { uri = '' }: ClaimPairingDto): Promise<Pairing> {
    return this.claims.claim(uri);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One pairing' })
  @ApiOkResponse({ type: PairingDto })
  @ApiProblems('pairing-not-found')
  get(@Param('id') id: string): Pairing {
    return this.pairings.get(id);
  }
}
