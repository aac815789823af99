import type { Page, Pairing } from '@ferry/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-problems';
import { ProblemError } from '../../http/problem-error';
import { AddressClaimService } from './address-claim.service';
import { ClaimService } from './claim.service';
import { ComparisonDecisions } from './comparison-decisions';
import { PairingService } from './pairing.service';
import { ClaimPairingDto, ConfirmPairingDto, PairingDto, PairingPageDto } from './pairings.dto';

@ApiTags('pairings')
@Controller('pairings')
export class PairingsController {
  constructor(
    private readonly pairings: PairingService,
    private readonly claims: ClaimService,
    private readonly addressClaims: AddressClaimService,
    private readonly decisions: ComparisonDecisions,
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
  @ApiOperation({
    summary: 'Pair with the device that gave this invitation, or begin to compare with the device at an address',
  })
  @ApiCreatedResponse({
    type: PairingDto,
    description:
      'paired: both devices trust each other (always after an invitation). comparing: both users must now compare.',
  })
  @ApiProblems(
    'validation',
    'malformed-body',
    'pairing-malformed',
    'pairing-wrong-code',
    'pairing-self',
    'pairing-expired',
    'pairing-closed',
    'pairing-busy',
    'too-many-requests',
    'peer-unreachable',
    'peer-refused',
    'peer-untrusted',
    'peer-identity',
    'peer-version',
  )
  claim(@Body() { uri = '', address }: ClaimPairingDto): Promise<Pairing> {
    if (address === undefined) return this.claims.claim(uri);
    if (uri === '') return this.addressClaims.claim(address);
    throw ProblemError.ofField('address', 'alone', 'Give either an invitation (uri) or an address, not both.');
  }

  @Get(':id')
  @ApiOperation({ summary: 'One pairing' })
  @ApiOkResponse({ type: PairingDto })
  @ApiProblems('pairing-not-found')
  get(@Param('id') id: string): Pairing {
    return this.pairings.get(id);
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say whether both devices show the same digits and symbols' })
  @ApiOkResponse({
    type: PairingDto,
    description: 'paired: both users have said so. comparing: the other user has not answered yet.',
  })
  @ApiProblems('validation', 'malformed-body', 'pairing-not-found', 'illegal-transition')
  confirm(@Param('id') id: string, @Body() { match }: ConfirmPairingDto): Promise<Pairing> {
    return this.decisions.confirm(id, match);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an open invitation, or cancel a comparison' })
  @ApiNoContentResponse()
  @ApiProblems('pairing-not-found', 'illegal-transition')
  remove(@Param('id') id: string): void {
    this.pairings.remove(id);
  }
}
