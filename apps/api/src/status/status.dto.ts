import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { FileScope, NodeStatus } from '@ferry/protocol';

class DeviceDto {
  @ApiProperty({ description: 'Device id' }) readonly id!: string;
  @ApiProperty() readonly name!: string;
}

class PortsDto {
  @ApiProperty() readonly http!: number;
  @ApiProperty() readonly web!: number;
  @ApiProperty() readonly peer!: number;
}

class LimitsDto {
  @ApiProperty({ description: 'Bytes; 0 = no limit' }) readonly maxFileSize!: number;
  @ApiProperty({ type: [String], description: '["*"] = any but the blocked ones' })
  readonly allowedExtensions!: string[];
  @ApiProperty({ type: [String] }) readonly blockedExtensions!: string[];
}

class UnusableFolderDto {
  @ApiProperty({ enum: ['shared', 'received'] }) readonly scope!: FileScope;
  @ApiProperty() readonly reason!: string;
}

class StorageDto {
  @ApiProperty() readonly sharedDir!: string;
  @ApiProperty() readonly receivedDir!: string;
  @ApiProperty({ description: 'Bytes' }) readonly freeBytes!: number;
  @ApiProperty({ description: 'Bytes' }) readonly totalBytes!: number;
  @ApiPropertyOptional({ description: 'Bytes in the trash' }) readonly trashBytes?: number;
  @ApiPropertyOptional({
    type: [UnusableFolderDto],
    description: 'Folders that cannot be used now; absent when all can',
  })
  readonly unusable?: UnusableFolderDto[];
}

class TotalsDto {
  @ApiProperty() readonly sharedFiles!: number;
  @ApiProperty() readonly sharedBytes!: number;
  @ApiProperty() readonly receivedFiles!: number;
  @ApiProperty() readonly receivedBytes!: number;
  @ApiProperty({ description: 'Files that are listed and still to be hashed' }) readonly hashingFiles!: number;
  @ApiProperty() readonly hashingBytes!: number;
  @ApiProperty() readonly pairedPeers!: number;
  @ApiProperty() readonly onlinePeers!: number;
  @ApiProperty() readonly activeTransfers!: number;
}

export class NodeStatusDto implements NodeStatus {
  @ApiProperty() readonly device!: DeviceDto;
  @ApiProperty() readonly version!: string;
  @ApiProperty({ description: 'The ports really bound' }) readonly ports!: PortsDto;
  @ApiProperty({ type: [String], description: 'host:port under which peers can reach this device' })
  readonly addresses!: string[];
  @ApiProperty() readonly limits!: LimitsDto;
  @ApiProperty() readonly storage!: StorageDto;
  @ApiProperty() readonly totals!: TotalsDto;
}
