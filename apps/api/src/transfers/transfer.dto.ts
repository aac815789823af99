import type {
  ConflictRule,
  CreateTransferRequest,
  Page,
  Transfer,
  TransferFile,
  TransferSource,
  TransferState,
  UpdateTransferRequest,
} from '@ferry/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { TRANSFER_STATES } from '@ferry/protocol';
import { SearchPageQueryDto } from '../http/page-query.dto';
import { EntryIds } from './entry-ids';
import { OnConflict } from './on-conflict';

export class CreateTransferDto implements CreateTransferRequest {
  @ApiProperty({ description: 'Device id of a paired peer.', maxLength: 64 })
  @IsString()
  @MaxLength(64)
  readonly peerId!: string;

  @EntryIds('Ids from the remote list, GET /peers/{id}/files; a folder stands for everything below it.')
  readonly entryIds!: readonly string[];

  @OnConflict()
  readonly onConflict?: ConflictRule;
}

export class UpdateTransferDto implements UpdateTransferRequest {
  @ApiProperty({ enum: ['paused', 'running'] })
  @IsIn(['paused', 'running'])
  readonly state!: 'paused' | 'running';
}

export class ListTransfersDto extends SearchPageQueryDto {
  @ApiPropertyOptional({ enum: TRANSFER_STATES, isArray: true, description: 'Comma list: any of these states.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(TRANSFER_STATES, { each: true })
  readonly state?: TransferState[];
}

class FileCountsDto {
  @ApiProperty() readonly done!: number;
  @ApiProperty() readonly total!: number;
}

class TransferSourceDto implements TransferSource {
  @ApiProperty({ description: 'Device id.' }) readonly peerId!: string;
  @ApiProperty() readonly bytesPerSecond!: number;
  @ApiProperty({ description: 'Content bytes taken from this source.' }) readonly bytes!: number;
}

class StopReasonDto {
  @ApiProperty() readonly code!: string;
  @ApiProperty({ description: 'What was wrong, and what to do.' }) readonly detail!: string;
}

class TransferErrorDto extends StopReasonDto {
  @ApiPropertyOptional({
    description: 'Bytes; of insufficient-storage. The transfer goes on by itself when they are free.',
  })
  readonly missingBytes?: number;
}

export class TransferDto implements Transfer {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ enum: ['in', 'out'] }) readonly direction!: 'in' | 'out';
  @ApiProperty({ enum: TRANSFER_STATES, enumName: 'TransferState' }) readonly state!: TransferState;
  @ApiProperty({ type: [String], description: 'Device ids.' }) readonly peerIds!: string[];
  @ApiProperty({ description: "The file's name, or the first one's and how many more." }) readonly name!: string;
  @ApiProperty() readonly files!: FileCountsDto;
  @ApiProperty({ description: 'Bytes.' }) readonly totalBytes!: number;
  @ApiProperty({ description: 'Bytes that are here: verified, resumed and reused ones, and those just arriving.' })
  readonly doneBytes!: number;
  @ApiProperty({ description: 'Bytes.' }) readonly verifiedBytes!: number;
  @ApiProperty({ description: 'Bytes found in staging after a stop and not asked for again.' })
  readonly resumedBytes!: number;
  @ApiProperty({ description: 'Bytes found elsewhere on this disk and not asked for.' })
  readonly reusedBytes!: number;
  @ApiProperty() readonly bytesPerSecond!: number;
  @ApiPropertyOptional() readonly etaSeconds?: number;
  @ApiProperty({ type: [TransferSourceDto] }) readonly sources!: TransferSourceDto[];
  @ApiPropertyOptional({ description: 'Why it stopped.' }) readonly error?: TransferErrorDto;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiPropertyOptional({ format: 'date-time' }) readonly finishedAt?: string;
}

export class TransferPageDto implements Page<Transfer> {
  @ApiProperty({ type: [TransferDto] }) readonly items!: TransferDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}

export class TransferFileDto implements TransferFile {
  @ApiProperty({ description: 'Of the list of the peer.' }) readonly entryId!: string;
  @ApiProperty({ description: 'As offered by the peer.' }) readonly path!: string;
  @ApiPropertyOptional({ description: 'Where it was published, relative to the received folder; once complete.' })
  readonly publishedPath?: string;
  @ApiProperty({ description: 'Bytes.' }) readonly size!: number;
  @ApiProperty({ description: 'Bytes.' }) readonly doneBytes!: number;
  @ApiPropertyOptional({ description: 'Bytes found elsewhere on this disk and not asked for; once there are any.' })
  readonly reusedBytes?: number;
  @ApiProperty({ enum: ['file', 'folder'], description: 'folder: an empty one, which is made.' })
  readonly kind!: TransferFile['kind'];
  @ApiProperty({
    enum: ['pending', 'running', 'complete', 'failed', 'skipped'],
    description: 'skipped: a file of that name was there, and the rule said so.',
  })
  readonly state!: TransferFile['state'];
  @ApiPropertyOptional({ description: 'Content address, 64 hex digits; once known.' }) readonly fileId?: string;
  @ApiPropertyOptional({ description: 'Why this file failed.' }) readonly error?: StopReasonDto;
}

export class TransferFilePageDto implements Page<TransferFile> {
  @ApiProperty({ type: [TransferFileDto] }) readonly items!: TransferFileDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}
