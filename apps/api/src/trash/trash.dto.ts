import type { Page, TrashItem } from '@ferry/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FileEntryDto } from '../files/files.dto';

export class TrashItemDto extends FileEntryDto implements TrashItem {
  @ApiProperty({ format: 'date-time' }) readonly trashedAt!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it is deleted for good; absent when never' })
  readonly purgedAt?: string;
}

export class TrashPageDto implements Page<TrashItem> {
  @ApiProperty({ type: [TrashItemDto] }) readonly items!: TrashItemDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  @ApiProperty() readonly total!: number;
}
