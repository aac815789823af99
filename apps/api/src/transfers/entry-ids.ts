import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, MaxLength } from 'class-validator';

/** Entries that one request may name. docs/LIMITS.md. */
export const MAX_TRANSFER_ENTRIES = 10_000;

/** A list of 1 to 10,000 entry ids in a request. @param description for the API's documentation. */
export function EntryIds(description: string): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ description, type: [String], maxItems: MAX_TRANSFER_ENTRIES }),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MAX_TRANSFER_ENTRIES),
    IsString({ each: true }),
    MaxLength(128, { each: true }),
  );
}
