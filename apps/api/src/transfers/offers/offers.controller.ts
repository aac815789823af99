import type { Offer, Page, RemoteEntry } from '@ferry/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-problems';
import { PageQueryDto } from '../../http/page-query.dto';
import { RemoteEntryPageDto } from '../../peers/peers.dto';
import { AcceptOfferDto, ListOffersDto, MakeOfferDto, OfferDto, OfferPageDto } from './offers.dto';
import { OffersService } from './offers.service';

@ApiTags('offers')
@Controller('offers')
export class OffersController {
  constructor(private readonly offers: OffersService) {}

  @Get()
  @ApiOperation({ summary: 'Offers made to this device and by it since it was started, newest first' })
  @ApiOkResponse({ type: OfferPageDto })
  @ApiProblems('validation', 'bad-cursor')
  list(@Query() { direction, ...query }: ListOffersDto): Page<Offer> {
    return this.offers.list(query, direction);
  }

  @Post()
  @ApiOperation({ summary: 'Offer files and folders to peers that are online: one offer for each of them' })
  @ApiCreatedResponse({ type: OfferPageDto })
  @ApiProblems(
    'validation',
    'malformed-body',
    'file-not-found',
    'peer-not-found',
    'peer-untrusted',
    'peer-offline',
    'peer-unreachable',
    'peer-refused',
    'peer-identity',
    'peer-version',
    'offer-refused',
    'too-many-requests',
    'body-too-large',
    'unsupported-media-type',
  )
  async make(@Body() request: MakeOfferDto): Promise<Page<Offer>> {
    const items = await this.offers.make(request);
    return { items, nextCursor: null, total: items.length };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One offer' })
  @ApiOkResponse({ type: OfferDto })
  @ApiProblems('offer-not-found')
  get(@Param('id') id: string): Offer {
    return this.offers.get(id);
  }

  @Get(':id/files')
  @ApiOperation({ summary: 'The files of an offer; those of a peer are asked for now' })
  @ApiOkResponse({ type: RemoteEntryPageDto })
  @ApiProblems(
    'validation',
    'bad-cursor',
    'offer-not-found',
    'offer-expired',
    'peer-offline',
    'peer-unreachable',
    'peer-refused',
  )
  files(@Param('id') id: string, @Query() query: PageQueryDto): Promise<Page<RemoteEntry>> {
    return this.offers.files(id, query);
  }

  @Post(':id/accept')
  @HttpCode(200)
  @ApiOperation({ summary: 'Accept all or some of the files: one transfer begins' })
  @ApiOkResponse({ type: OfferDto })
  @ApiProblems(
    'validation',
    'malformed-body',
    'offer-not-found',
    'offer-answered',
    'offer-expired',
    'illegal-transition',
    'insufficient-storage',
    'file-not-found',
    'file-too-large',
    'unsafe-path',
    'extension-not-allowed',
    'unsupported-media-type',
    'peer-offline',
    'peer-unreachable',
    'peer-refused',
  )
  accept(@Param('id') id: string, @Body() choice: AcceptOfferDto): Promise<Offer> {
    return this.offers.accept(id, choice);
  }

  @Post(':id/decline')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say no' })
  @ApiOkResponse({ type: OfferDto })
  @ApiProblems('offer-not-found', 'offer-answered', 'offer-expired', 'illegal-transition')
  decline(@Param('id') id: string): Promise<Offer> {
    return this.offers.decline(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take back an offer that nobody has answered' })
  @ApiNoContentResponse()
  @ApiProblems('offer-not-found', 'offer-answered', 'offer-expired', 'illegal-transition')
  withdraw(@Param('id') id: string): void {
    this.offers.withdraw(id);
  }
}
