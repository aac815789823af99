import express, { type RequestHandler } from 'express';
import { findPrototypeKey } from './prototype-keys';
import { ProblemError } from './problem-error';

const MAX_JSON_BYTES = 1024 * 1024;
const MAX_JSON_DEPTH = 32;

/** Parses `application/json` bodies within limits; every refusal is a problem of its own. */
export function jsonBody(): RequestHandler {
  const parse = express.json({
    limit: MAX_JSON_BYTES,
    inflate: false, // a few KiB of gzip can hold gigabytes
    verify: (_request, _response, body) => assertShallow(body),
  });
  return (request, response, next) => {
    // The parser would read such a body to its end before it refuses it.
    if (request.is('json') && Number(request.get('content-length')) > MAX_JSON_BYTES) return next(tooLarge());
    parse(request, response, (error?: unknown) => {
      next(error ? asProblem(error) : findPrototypeKey(request.body));
    });
  };
}

/** Deep nesting overflows the stack of whoever walks the value recursively, so it is refused unparsed. */
function assertShallow(body: Buffer): void {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index];
    if (isInString) {
      if (byte === 0x5c /* \ */) index += 1;
      else if (byte === 0x22 /* " */) isInString = false;
    } else if (byte === 0x22) isInString = true;
    else if (byte === 0x5b /* [ */ || byte === 0x7b /* { */) depth += 1;
    else if (byte === 0x5d /* ] */ || byte === 0x7d /* } */) depth -= 1;
    if (depth > MAX_JSON_DEPTH) throw malformed(`is nested deeper than ${MAX_JSON_DEPTH} levels`);
  }
}

function malformed(reason: string): ProblemError {
  return new ProblemError('malformed-body', `The JSON body ${reason}.`);
}

function tooLarge(options?: ErrorOptions): ProblemError {
  return new ProblemError(
    'body-too-large',
    `A JSON body may have at most ${MAX_JSON_BYTES} bytes.`,
    undefined,
    options,
  );
}

/** @see https://github.com/expressjs/body-parser#errors for the types. */
function asProblem(error: unknown): unknown {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof Error) || !('type' in error)) return error;
  const options = { cause: error };
  switch (error.type) {
    case 'entity.too.large':
      return tooLarge(options);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new ProblemError(
        'unsupported-media-type',
        'Send the body as uncompressed UTF-8 JSON.',
        undefined,
        options,
      );
    default:
      return new ProblemError('malformed-body', 'The body is not valid JSON.', undefined, options);
  }
}
