import { Controller, Delete, Head, Options, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiHeader, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiProblems } from '../http/api-problems';
import { Consumes } from '../http/media-type.guard';
import { ProblemError } from '../http/problem-error';
import { TusDoor } from './tus-door';
import { ApiUploadBytes, BYTES, CREATED_HEADERS, OFFSET_HEADERS, STATE_HEADERS } from './uploads.docs';

const ID = { name: 'id', description: 'The end of the Location that the upload began with' };
const OVERRIDABLE = ['PATCH', 'DELETE'];

/** tus 1.0: uploads that go on where they were broken off. */
@ApiTags('uploads')
@ApiHeader({ name: 'Tus-Resumable', required: true, schema: { type: 'string', enum: ['1.0.0'] } })
@Controller('uploads')
export class UploadsController {
  constructor(private readonly tus: TusDoor) {}

  @Options()
  @ApiOperation({ summary: 'What the node can do of tus 1.0, and the largest file it takes' })
  @ApiResponse({ status: 204, description: 'Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm' })
  options(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.handle(request, response);
  }

  @Post()
  @Consumes(BYTES)
  @ApiOperation({
    summary: 'Begins a resumable upload into the share; the body, if any, is its first bytes',
    description:
      'Upload-Metadata: filename, and optionally path (whole relative path, or a folder ending in /), onConflict ' +
      '(keep-both, replace, skip) and sha256 (hex, of the whole file, checked before it is published). Values in Base64.',
  })
  @ApiHeader({ name: 'Upload-Length', required: false, description: 'Bytes of the file' })
  @ApiHeader({ name: 'Upload-Defer-Length', required: false, description: '1, when the size is not known yet' })
  @ApiHeader({ name: 'Upload-Metadata', required: true })
  @ApiHeader({ name: 'Upload-Checksum', required: false, description: 'sha1, sha256 or sha512, and Base64' })
  @ApiUploadBytes(false)
  @ApiResponse({ status: 201, description: 'The upload is at Location', headers: CREATED_HEADERS, content: {} })
  @ApiProblems(
    'validation',
    'unsafe-path',
    'name-conflict',
    'file-too-large',
    'extension-not-allowed',
    'upload-version',
    'checksum-mismatch',
    'hash-mismatch',
    'too-many-requests',
    'insufficient-storage',
  )
  create(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.handle(request, response);
  }

  @Head(':id')
  @ApiOperation({ summary: 'How far an upload is' })
  @ApiParam(ID)
  @ApiResponse({ status: 200, description: 'Where to go on', headers: STATE_HEADERS })
  @ApiProblems('upload-not-found', 'upload-conflict', 'upload-version')
  head(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.handle(request, response);
  }

  @Patch(':id')
  @Consumes(BYTES)
  @ApiOperation({ summary: 'Adds bytes to an upload; with the last one the file is published' })
  @ApiParam(ID)
  @ApiHeader({ name: 'Upload-Offset', required: true, description: 'Where the bytes belong: where the upload is' })
  @ApiHeader({ name: 'Upload-Length', required: false, description: 'Once, when it was deferred' })
  @ApiHeader({ name: 'Upload-Checksum', required: false, description: 'sha1, sha256 or sha512, and Base64' })
  @ApiUploadBytes(true)
  @ApiResponse({ status: 204, description: 'What came is kept', headers: OFFSET_HEADERS })
  @ApiProblems(
    'validation',
    'upload-not-found',
    'upload-conflict',
    'name-conflict',
    'upload-version',
    'checksum-mismatch',
    'hash-mismatch',
    'file-too-large',
    'unsupported-media-type',
    'insufficient-storage',
  )
  append(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.handle(request, response);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Calls an upload off; one whose file is published is not found' })
  @ApiParam(ID)
  @ApiResponse({ status: 204, description: 'It is gone' })
  @ApiProblems('upload-not-found', 'upload-conflict', 'upload-version')
  remove(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.handle(request, response);
  }

  /** For clients behind something that knows only GET and POST: the specification has servers obey this header. */
  @Post(':id')
  @Consumes(BYTES)
  @ApiExcludeEndpoint()
  override(@Req() request: Request, @Res() response: Response): Promise<void> {
    const method = request.get('x-http-method-override')?.toUpperCase() ?? '';
    if (OVERRIDABLE.includes(method)) return this.tus.handle(request, response, method);
    throw ProblemError.ofField(
      'X-HTTP-Method-Override',
      'required',
      `A POST to an upload needs the header X-HTTP-Method-Override: ${OVERRIDABLE.join(' or ')}.`,
    );
  }
}
