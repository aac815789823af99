import type { ScanResult } from '@ferry/protocol';
import { ApiProperty } from '@nestjs/swagger';

export class ScanResultDto implements ScanResult {
  @ApiProperty({ type: [String], example: ['192.168.1.0/24'] }) readonly subnets!: string[];
  @ApiProperty({ description: 'Addresses tried.' }) readonly probed!: number;
  @ApiProperty({ description: 'Devices that answered; they are listed as nearby.' }) readonly found!: number;
}
