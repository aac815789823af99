import {
  MAX_ADDRESS_CHARS,
  MAX_INVITATION_CHARS,
  SAS_DIGITS,
  SAS_SYMBOL_COUNT,
  SAS_SYMBOLS,
  type ClaimPairingRequest,
  type ConfirmPairingRequest,
  type Page,
  type Pairing,
  type PairingMode,
  type PairingSas,
  type PairingState,
} from '@ferry/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsString, Length, ValidateIf } from 'class-validator';

const STATES = ['open', 'comparing', 'paired', 'failed', 'expired'] as const satisfies readonly PairingState[];

export class ClaimPairingDto implements ClaimPairingRequest {
  @ApiPropertyOptional({ description: 'The invitation, ferry://pair?...' })
  @ValidateIf(({ address, uri }: ClaimPairingDto) => address === undefined || uri !== undefined)
  @IsString({ message: 'uri must be the invitation of the other device, ferry://pair?...' })
  @Length(1, MAX_INVITATION_CHARS)
  readonly uri?: string;

  @ApiPropertyOptional({
    description: 'host:port, IPv6 in brackets: compares with the device that listens there. In place of uri.',
    example: '192.168.1.20:8000',
  })
  @ValidateIf(({ address }: ClaimPairingDto) => address !== undefined)
  @IsString()
  @Length(1, MAX_ADDRESS_CHARS)
  readonly address?: string;
}

export class ConfirmPairingDto implements ConfirmPairingRequest {
  @ApiProperty({ description: 'false: the two devices show different values.' })
  @IsBoolean()
  readonly match!: boolean;
}

class PairingSasDto implements PairingSas {
  @ApiProperty({ pattern: `^[0-9]{${SAS_DIGITS}}$`, example: '482107' }) readonly digits!: string;
  @ApiProperty({
    type: [String],
    enum: SAS_SYMBOLS.map(({ name }) => name),
    minItems: SAS_SYMBOL_COUNT,
    maxItems: SAS_SYMBOL_COUNT,
    description: 'Names; the picture of each stands in PROTOCOL.md section 7.',
  })
  readonly symbols!: readonly string[];
}

class PairingConfirmedDto {
  @ApiProperty() readonly here!: boolean;
  @ApiProperty() readonly there!: boolean;
}

export class PairingDto implements Pairing {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ enum: STATES }) readonly state!: PairingState;
  @ApiPropertyOptional({ description: 'Device id, while comparing and once paired.' }) readonly peerId?: string;
  @ApiPropertyOptional({ description: 'The name the peer gives itself; a claim.' }) readonly peerName?: string;
  @ApiPropertyOptional({
    enum: ['in', 'out'],
    description: 'Who asked to compare: this device (out) or the peer (in).',
  })
  readonly direction?: 'in' | 'out';
  @ApiPropertyOptional({ description: 'ferry://pair?..., only on the inviting side while open.' })
  readonly uri?: string;
  @ApiPropertyOptional({ description: 'To be compared by both users; only while comparing.' })
  readonly sas?: PairingSasDto;
  @ApiPropertyOptional({ description: 'Whose user has said that they match, while comparing.' })
  readonly confirmed?: PairingConfirmedDto;
  @ApiPropertyOptional({ description: 'Why a comparison ended without trust, in words.' }) readonly error?: string;
  @ApiProperty({ format: 'date-time' }) readonly expiresAt!: string;
}

export class PairingPageDto implements Page<Pairing> {
  @ApiProperty({ type: [PairingDto] }) readonly items!: PairingDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}

export class PairingModeDto implements PairingMode {
  @ApiProperty() readonly open!: boolean;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it closes by itself; present while open.' })
  readonly until?: string;
}

export class SetPairingModeDto {
  @ApiProperty()
  @IsBoolean()
  readonly open!: boolean;
}
