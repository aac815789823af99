import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, type ApiResponseMetadata } from '@nestjs/swagger';

export const BYTES = 'application/offset+octet-stream';

type Headers = NonNullable<ApiResponseMetadata['headers']>;

const text = (description: string) => ({ description, schema: { type: 'string' as const } });
const whole = (description: string) => ({ description, schema: { type: 'integer' as const } });

/** Of an answer after which the file is in the share. */
const ENTRY_HEADERS: Headers = {
  'Ferry-Entry-Id': text('Once the file is published: its id in GET /files/{id}'),
  'Ferry-Entry-Path': text('Its path in the share, each part percent-encoded'),
  'Ferry-Entry-Skipped': text('true when onConflict was skip and the name taken: the entry is the one that was there'),
};

export const OFFSET_HEADERS: Headers = {
  'Upload-Offset': whole('Bytes that are safe on the disk'),
  'Upload-Expires': text('When the upload is deleted if nothing comes, as an HTTP date'),
  ...ENTRY_HEADERS,
};

export const CREATED_HEADERS: Headers = { Location: text('Path of the upload'), ...OFFSET_HEADERS };

export const STATE_HEADERS: Headers = {
  ...OFFSET_HEADERS,
  'Upload-Length': whole('Bytes of the file; absent while Upload-Defer-Length is 1'),
  'Upload-Metadata': text('As it was sent'),
};

/** The body is bytes of the file. */
export function ApiUploadBytes(required: boolean): MethodDecorator {
  return applyDecorators(ApiConsumes(BYTES), ApiBody({ required, schema: { type: 'string', format: 'binary' } }));
}
