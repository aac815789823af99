import {
  MAX_OFFER_MESSAGE_CHARS,
  TRANSFER_STATES,
  type AcceptOfferRequest,
  type ConflictRule,
  type MakeOfferRequest,
  type Offer,
  type OfferState,
  type Page,
  type TransferState,
} from '@ferry/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQueryDto } from '../../http/page-query.dto';
import { EntryIds, MAX_TRANSFER_ENTRIES } from '../entry-ids';
import { OnConflict } from '../on-conflict';

/** Peers that one request may make offers to. docs/LIMITS.md. */
const MAX_OFFER_PEERS = 50;

const DIRECTIONS = ['in', 'out'] as const;
const OFFER_STATES = [
  'waiting',
  'accepted',
  'declined',
  'withdrawn',
  'expired',
  'queued',
] as const satisfies OfferState[];

export class ListOffersDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: DIRECTIONS, description: 'Only those made to this device, or by it.' })
  @IsOptional()
  @IsIn(DIRECTIONS)
  readonly direction?: Offer['direction'];
}

export class MakeOfferDto implements MakeOfferRequest {
  @ApiProperty({
    description: 'Device ids of paired peers that are online.',
    type: [String],
    maxItems: MAX_OFFER_PEERS,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_OFFER_PEERS)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  readonly peerIds!: readonly string[];

  @EntryIds(
    'Ids of files and folders of this device, whoever may see them otherwise; a folder stands for all below it.',
  )
  readonly entryIds!: readonly string[];

  @ApiPropertyOptional({ maxLength: MAX_OFFER_MESSAGE_CHARS })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_OFFER_MESSAGE_CHARS)
  readonly message?: string;
}

export class AcceptOfferDto implements AcceptOfferRequest {
  @ApiPropertyOptional({
    description: "Some of the offer's entries; without it, all.",
    type: [String],
    maxItems: MAX_TRANSFER_ENTRIES,
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_TRANSFER_ENTRIES)
  @IsString({ each: true })
  @MaxLength(128, { each: true })
  readonly entryIds?: readonly string[];

  @OnConflict()
  readonly onConflict?: ConflictRule;
}

class OfferFilesDto {
  @ApiProperty({ description: 'Files and empty folders.' }) readonly count!: number;
  @ApiProperty({ description: 'Sum of their sizes.' }) readonly bytes!: number;
}

export class OfferDto implements Offer {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ enum: DIRECTIONS }) readonly direction!: Offer['direction'];
  @ApiProperty({ description: 'Device id.' }) readonly peerId!: string;
  @ApiProperty({ enum: OFFER_STATES, enumName: 'OfferState' }) readonly state!: OfferState;
  @ApiProperty() readonly files!: OfferFilesDto;
  @ApiPropertyOptional() readonly message?: string;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly expiresAt!: string;
  @ApiPropertyOptional({ description: 'The transfer that pulls it; of an incoming, accepted offer.' })
  readonly transferId?: string;
  @ApiPropertyOptional({
    description: 'Bytes that the receiver has, as far as it told; of an outgoing, accepted offer.',
  })
  readonly doneBytes?: number;
  @ApiPropertyOptional({ description: 'Bytes of the files that were accepted; of an outgoing, accepted offer.' })
  readonly acceptedBytes?: number;
  @ApiPropertyOptional({
    enum: TRANSFER_STATES,
    enumName: 'TransferState',
    description: "Of the receiver's transfer, as far as it told; of an outgoing, accepted offer.",
  })
  readonly transferState?: TransferState;
}

export class OfferPageDto implements Page<Offer> {
  @ApiProperty({ type: [OfferDto] }) readonly items!: OfferDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}
