import fc from 'fast-check';
import { utf8 } from '../../testing/bytes';
import { readVectors } from '../../testing/vectors';
import { ProtocolError } from '../errors';
import { fromHex } from '../text/hex';
import { parseBlocksAvailable } from './blocks-available';
import { decodeControl, encodeControl } from './control-json';
import { parseErrorMessage } from './error-message';
import { parseEvent } from './event';
import { parseFileManifestHead, parseFileManifestRequest } from './file-manifest';
import { parseFileReadRequest } from './file-read';
import { parseFilesListRequest, parseFilesListResponse, parseRemoteEntry } from './files-list';
import { parseGoodbye } from './goodbye';
import { parseHello } from './hello';
import { parseLinkProbe } from './link-probe';
import { parseOfferAnswer, parseOfferWithdrawn } from './offer-answer';
import { parseOfferFilesRequest, parseOfferFilesResponse } from './offer-files';
import { parseOfferMake } from './offer-make';
import { parsePairClaim, parsePairClaimed } from './pair-claim';
import { parsePairConfirm } from './pair-confirm';
import { parsePairReveal } from './pair-reveal';
import { parsePairStart, parsePairStarted } from './pair-start';
import { parseRequest } from './request';
import { parseTransferStatus, parseTransferStatusRequest } from './transfer-status';

interface MessageVectors {
  readonly valid: readonly {
    readonly name: string;
    readonly message: string;
    readonly json: string;
    readonly value: unknown;
    /** Whether encoding `value` gives `json` again. */
    readonly canonical: boolean;
  }[];
  readonly invalid: readonly {
    readonly name: string;
    readonly message: string;
    readonly json?: string;
    readonly hex?: string;
    readonly code: string;
  }[];
}

const PARSERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  BlocksAvailable: parseBlocksAvailable,
  Error: parseErrorMessage,
  Event: parseEvent,
  FileManifestHead: parseFileManifestHead,
  FileManifestRequest: parseFileManifestRequest,
  FileReadRequest: parseFileReadRequest,
  FilesListRequest: parseFilesListRequest,
  FilesListResponse: parseFilesListResponse,
  Goodbye: parseGoodbye,
  Hello: parseHello,
  LinkProbe: parseLinkProbe,
  OfferAnswer: parseOfferAnswer,
  OfferFilesRequest: parseOfferFilesRequest,
  OfferFilesResponse: parseOfferFilesResponse,
  OfferMake: parseOfferMake,
  OfferWithdrawn: parseOfferWithdrawn,
  PairClaim: parsePairClaim,
  PairClaimed: parsePairClaimed,
  PairConfirm: parsePairConfirm,
  PairReveal: parsePairReveal,
  PairStart: parsePairStart,
  PairStarted: parsePairStarted,
  RemoteEntry: parseRemoteEntry,
  Request: parseRequest,
  TransferStatus: parseTransferStatus,
  TransferStatusRequest: parseTransferStatusRequest,
  json: (value) => value,
};

const { valid, invalid } = readVectors<MessageVectors>('messages.json');

function decode(message: string, bytes: Uint8Array): unknown {
  const parse = PARSERS[message];
  if (!parse) throw new Error(`vector of an unknown message ${message}`);
  return parse(decodeControl(bytes));
}

describe('messages', () => {
  it.each(valid)('decodes $message: $name', ({ message, json, value }) =>
    expect(decode(message, utf8(json))).toEqual(value),
  );

  it.each(valid.filter(({ canonical }) => canonical))('encodes $message: $name', ({ json, value }) =>
    expect(encodeControl(value)).toEqual(utf8(json)),
  );

  it.each(invalid)('refuses $message: $name', ({ message, json, hex, code }) =>
    expect(() => decode(message, json === undefined ? fromHex(hex ?? '') : utf8(json))).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code }),
    ),
  );

  it('has a valid and an invalid vector for every message', () => {
    const names = Object.keys(PARSERS).filter((name) => name !== 'json');
    expect(names.filter((name) => !valid.some(({ message }) => message === name))).toEqual([]);
    expect(names.filter((name) => !invalid.some(({ message }) => message === name))).toEqual([]);
  });

  it.each(Object.entries(PARSERS))('answers any JSON with a %s or a ProtocolError', (_name, parse) => {
    const mutated = fc.constantFrom(...valid).chain(({ value }) =>
      fc
        .dictionary(fc.constantFrom(...Object.keys(value as object), 'toString', '__proto__'), fc.jsonValue())
        .map((changes) => ({
          ...(value as object),
          ...changes,
        })),
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), mutated), (value) => {
        try {
          parse(value);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
