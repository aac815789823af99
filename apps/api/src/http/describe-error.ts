import { HttpException } from '@nestjs/common';
import type { Problem, ProblemCode } from '@ferry/protocol';
import { FileStoreError } from '@ferry/file-store';
import { PeerError } from '../transport/peer-error';
import { OfferError } from '../transfers/offers/offer-error';
import { TransferError } from '../transfers/transfer-error';
import { FILE_STORE_PROBLEMS, OFFER_PROBLEMS, PEER_PROBLEMS, TRANSFER_PROBLEMS } from './error-tables';
import { kebabCase } from './kebab-case';
import { ProblemError, type FieldProblem } from './problem-error';
import { PROBLEMS } from './problem-table';

const INTERNAL_DETAIL = 'Something went wrong inside the node. Its log has the cause under this traceId.';

/** The codes that stand for a bare HTTP status, as Nest and Express raise them. */
const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'validation',
  403: 'forbidden-origin',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'body-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  503: 'starting',
};

/** The field that a `validation` problem of a lower layer speaks of. */
const FIELD_OF_CODE: Readonly<Record<string, string>> = {
  ADDRESS_INVALID: 'address',
  NO_FILES: 'entryIds',
  TOO_MANY_FILES: 'entryIds',
};

/** What a client may know of any error. @param traceId the id under which the log tells more. */
export function describeError(error: unknown, traceId: string, instance?: string): Problem {
  const { code, detail, errors, missingBytes } = classify(error);
  const { status, title } = PROBLEMS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: code === 'internal' ? INTERNAL_DETAIL : detail,
    code,
    ...(instance !== undefined && { instance }),
    traceId,
    ...(missingBytes !== undefined && { missingBytes }),
    ...(errors !== undefined && { errors }),
  };
}

interface Classified {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  readonly missingBytes?: number;
}

function classify(error: unknown): Classified {
  if (error instanceof ProblemError) {
    return { code: error.code, detail: error.message, errors: error.errors };
  }
  if (error instanceof FileStoreError) {
    const { missingBytes } = error;
    return { ...byCode(FILE_STORE_PROBLEMS[error.code], error), ...(missingBytes !== undefined && { missingBytes }) };
  }
  if (error instanceof PeerError) return byCode(PEER_PROBLEMS[error.code], error);
  if (error instanceof OfferError) return byCode(OFFER_PROBLEMS[error.code], error);
  if (error instanceof TransferError) return byCode(TRANSFER_PROBLEMS[error.code], error);
  const code = CODE_OF_STATUS[statusOf(error) ?? 500] ?? 'internal';
  if (code === 'not-found') return { code, detail: 'There is nothing at this address.' }; // Nest's text repeats the query
  return { code, detail: error instanceof Error ? error.message : '' };
}

function byCode(code: ProblemCode, error: Error & { readonly code: string }): Classified {
  const detail = error.message;
  if (code !== 'validation') return { code, detail };
  const pointer = `/${FIELD_OF_CODE[error.code] ?? ''}`;
  return { code, detail, errors: [{ pointer, code: kebabCase(error.code), detail }] };
}

/** Nest's exceptions, and the errors of Express and its middleware, which carry `status`. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
