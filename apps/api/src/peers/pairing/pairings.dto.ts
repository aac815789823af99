import {
  MAX_INVITATION_CHARS,
  type ClaimPairingRequest,
  type Page,
  type Pairing,
  type PairingState,
} from '@ferry/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmpty, IsString, Length, ValidateIf } from 'class-validator';

const STATES = ['open', 'comparing', 'paired', 'failed', 'expired'] as const satisfies readonly PairingState[];

export class ClaimPairingDto implements ClaimPairingRequest {
  @ApiPropertyOptional({ description: 'The invitation, ferry://pair?...' })
  @ValidateIf(({ address, uri }: ClaimPairingDto) => address === undefined || uri !== undefined)
  @IsString({ message: 'uri must be the invitation of the other device, ferry://pair?...' })
  @Length(1, MAX_INVITATION_CHARS)
  readonly uri?: string;

  /** Refused until both users can compare a code, which comes with a later version. */
  @IsEmpty({
    message: 'pairing by address needs a comparison that this version does not have: use an invitation (uri)',
  })
  readonly address?: string;
}

export class PairingDto implements Pairing {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ enum: STATES }) readonly state!: PairingState;
  @ApiPropertyOptional({ description: 'Device id, once paired.' }) readonly peerId?: string;
  @ApiPropertyOptional({ description: 'ferry://pair?..., only on the inviting side while open.' })
  readonly uri?: string;
  @ApiProperty({ format: 'date-time' }) readonly expiresAt!: string;
}

export class PairingPageDto implements Page<Pairing> {
  @ApiProperty({ type: [PairingDto] }) readonly items!: PairingDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}
