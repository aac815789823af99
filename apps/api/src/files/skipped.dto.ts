import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { FileScope, SkippedObject, SkippedObjects } from '@ferry/protocol';
import { SCOPES } from './files.dto';

export class SkippedQuery {
  @ApiPropertyOptional({ enum: SCOPES, default: 'all' })
  @IsIn(SCOPES)
  readonly scope: (typeof SCOPES)[number] = 'all';
}

export class SkippedObjectDto implements SkippedObject {
  @ApiProperty({ enum: ['shared', 'received'] }) readonly scope!: FileScope;
  @ApiProperty({ description: 'What is not valid UTF-8 has U+FFFD in it' }) readonly path!: string;
  @ApiProperty({ description: 'In words' }) readonly reason!: string;
}

export class SkippedObjectsDto implements SkippedObjects {
  @ApiProperty({ type: [SkippedObjectDto], description: 'The first 1,000' }) readonly items!: SkippedObjectDto[];
  @ApiProperty() readonly total!: number;
}
