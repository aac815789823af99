import {
  CONNECTION_STEPS,
  MAX_ADDRESS_CHARS,
  MAX_ENTRY_PATH_CHARS,
  MAX_NAME_CHARS,
  type AddPeerRequest,
  type ConnectionStep,
  type ConnectionStepResult,
  type EntryKind,
  type EntryState,
  type FileListQuery,
  type ListQuery,
  type Page,
  type Peer,
  type PeerPermissions,
  type PeerState,
  type PeerTestResult,
  type RemoteEntry,
  type UpdatePeerRequest,
} from '@ferry/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IfPresent } from '../http/if-present';
import { SearchPageQueryDto } from '../http/page-query.dto';
import { PEER_SORTS } from './peer-pages';

const REMOTE_SORTS = ['name', '-name', 'size', '-size', 'modifiedAt', '-modifiedAt', 'addedAt', '-addedAt'] as const;
/** Anything but blanks alone, without line breaks, terminal escapes and direction overrides. */
const NAME = /^(?=.*\S)[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u;

export class ListPeersDto extends SearchPageQueryDto implements ListQuery {
  @ApiPropertyOptional({ enum: PEER_SORTS, default: 'name' })
  @IsOptional()
  @IsIn(PEER_SORTS)
  readonly sort?: (typeof PEER_SORTS)[number];
}

export class ListRemoteFilesDto extends SearchPageQueryDto implements FileListQuery {
  @ApiPropertyOptional({ enum: REMOTE_SORTS })
  @IsOptional()
  @IsIn(REMOTE_SORTS)
  readonly sort?: (typeof REMOTE_SORTS)[number];

  @ApiPropertyOptional({
    description:
      'Path of a folder, empty for the top: only what lies directly in it, folders first. Without it, all of any depth.',
    maxLength: MAX_ENTRY_PATH_CHARS,
  })
  @IfPresent()
  @IsString()
  @MaxLength(MAX_ENTRY_PATH_CHARS)
  readonly folder?: string;

  @ApiPropertyOptional({ enum: ['file', 'folder'], description: 'Default both.' })
  @IfPresent()
  @IsIn(['file', 'folder'])
  readonly kind?: EntryKind;
}

export class AddPeerDto implements AddPeerRequest {
  @ApiProperty({ example: '192.168.1.20:8000', description: 'host:port, IPv6 in brackets.' })
  @IsString()
  @Length(1, MAX_ADDRESS_CHARS)
  readonly address!: string;
}

class UpdatePermissionsDto implements Partial<PeerPermissions> {
  @ApiPropertyOptional({ description: 'It may list and pull what its visibility lets it see.' })
  @IfPresent()
  @IsBoolean()
  readonly seeMyFiles?: boolean;

  @ApiPropertyOptional({ description: 'It may make offers.' })
  @IfPresent()
  @IsBoolean()
  readonly sendToMe?: boolean;

  @ApiPropertyOptional({ description: 'Offers up to so many bytes are accepted without asking; 0 = always ask.' })
  @IfPresent()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly autoAcceptBytes?: number;

  @ApiPropertyOptional({ description: 'It is refused whatever it wants, and not dialled. Also for unpaired devices.' })
  @IfPresent()
  @IsBoolean()
  readonly blocked?: boolean;
}

export class UpdatePeerDto implements UpdatePeerRequest {
  @ApiPropertyOptional({ minLength: 1, maxLength: MAX_NAME_CHARS })
  @IfPresent()
  @IsString()
  @Length(1, MAX_NAME_CHARS)
  @Matches(NAME, { message: 'name must be one line of printable characters' })
  readonly name?: string;

  @ApiPropertyOptional({ description: 'What is absent stays; of unpaired devices only blocked can be set.' })
  @IfPresent()
  @IsObject()
  @ValidateNested()
  @Type(() => UpdatePermissionsDto)
  readonly permissions?: UpdatePermissionsDto;
}

class PeerPermissionsDto implements PeerPermissions {
  @ApiProperty() readonly seeMyFiles!: boolean;
  @ApiProperty() readonly sendToMe!: boolean;
  @ApiProperty({ description: 'Offers up to so many bytes are accepted without asking; 0 = always ask.' })
  readonly autoAcceptBytes!: number;
  @ApiProperty() readonly blocked!: boolean;
}

export class PeerDto implements Peer {
  @ApiProperty({ description: 'Device id, equal to the device.id of its own status.' }) readonly id!: string;
  @ApiProperty({ description: 'The name given here, else its own.' }) readonly name!: string;
  @ApiProperty({ enum: ['online', 'offline', 'nearby', 'pending'] }) readonly state!: PeerState;
  @ApiProperty() readonly paired!: boolean;
  @ApiProperty({ type: [String], description: 'host:port, last good one first.' }) readonly addresses!: string[];
  @ApiProperty({ type: [String], description: 'Where it announces itself on this network now.' })
  readonly seenAt!: string[];
  @ApiPropertyOptional({ format: 'date-time' }) readonly lastSeenAt?: string;
  @ApiPropertyOptional({ description: 'To 0.1 ms.' }) readonly latencyMs?: number;
  @ApiProperty({ example: 'ferry/1' }) readonly protocol!: string;
  @ApiProperty() readonly permissions!: PeerPermissionsDto;
  @ApiPropertyOptional({ description: 'The last problem in words.' }) readonly lastError?: string;
}

export class PeerPageDto implements Page<Peer> {
  @ApiProperty({ type: [PeerDto] }) readonly items!: PeerDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}

class ConnectionStepResultDto implements ConnectionStepResult {
  @ApiProperty({ enum: CONNECTION_STEPS }) readonly step!: ConnectionStep;
  @ApiProperty() readonly ok!: boolean;
  @ApiProperty({ description: 'How long it took.' }) readonly ms!: number;
  @ApiProperty({ description: 'What was found, or what failed and what to do.' }) readonly detail!: string;
}

export class PeerTestResultDto implements PeerTestResult {
  @ApiProperty() readonly reachable!: boolean;
  @ApiProperty({ type: Number, nullable: true, description: 'Median of five round trips, to 0.1 ms.' })
  readonly latencyMs!: number | null;
  @ApiPropertyOptional({ description: 'The first step that failed, in words.' }) readonly error?: string;
  @ApiPropertyOptional({ enum: CONNECTION_STEPS }) readonly failedStep?: ConnectionStep;
  @ApiPropertyOptional({ description: 'The address that was tested.' }) readonly address?: string;
  @ApiProperty({ type: [ConnectionStepResultDto], description: 'The first that failed is the last.' })
  readonly steps!: ConnectionStepResultDto[];
  @ApiPropertyOptional({ description: 'Bytes a second from the peer to this device.' }) readonly throughputBps?: number;
}

class RemoteEntryDto implements RemoteEntry {
  @ApiProperty({ description: 'Local to the peer; what POST /transfers takes as entryIds.' }) readonly id!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty({ description: 'With /, relative to the share.' }) readonly path!: string;
  @ApiProperty({ description: 'Bytes; of a folder 0.' }) readonly size!: number;
  @ApiProperty() readonly mediaType!: string;
  @ApiProperty({ format: 'date-time' }) readonly modifiedAt!: string;
  @ApiProperty({ enum: ['file', 'folder'] }) readonly kind!: EntryKind;
  @ApiProperty({ enum: ['hashing', 'ready', 'missing'] }) readonly state!: EntryState;
  @ApiPropertyOptional({ description: 'Content address, 64 hex digits; present once hashed.' })
  readonly fileId?: string;
}

export class RemoteEntryPageDto implements Page<RemoteEntry> {
  @ApiProperty({ type: [RemoteEntryDto] }) readonly items!: RemoteEntryDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}
