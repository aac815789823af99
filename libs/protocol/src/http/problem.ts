/** Stable problem codes: the last segment of a problem's `type`. */
export type ProblemCode =
  | 'validation'
  | 'malformed-request'
  | 'headers-too-large'
  | 'request-timeout'
  | 'malformed-body'
  | 'unsupported-media-type'
  | 'body-too-large'
  | 'bad-cursor'
  | 'unknown-host'
  | 'forbidden-origin'
  | 'not-found'
  | 'method-not-allowed'
  | 'file-not-found'
  | 'peer-not-found'
  | 'pairing-not-found'
  | 'transfer-not-found'
  | 'unsafe-path'
  | 'extension-not-allowed'
  | 'file-too-large'
  | 'insufficient-storage'
  | 'range-unsatisfiable'
  | 'precondition-failed'
  | 'file-changed'
  | 'name-conflict'
  | 'no-preview'
  | 'archive-not-found'
  | 'folder-unusable'
  | 'upload-not-found'
  | 'upload-conflict'
  | 'upload-version'
  | 'checksum-mismatch'
  | 'peer-unreachable'
  | 'peer-refused'
  | 'peer-untrusted'
  | 'peer-version'
  | 'peer-identity'
  | 'peer-offline'
  | 'pairing-expired'
  | 'pairing-wrong-code'
  | 'pairing-self'
  | 'pairing-malformed'
  | 'pairing-closed'
  | 'pairing-busy'
  | 'scan-off'
  | 'offer-not-found'
  | 'offer-refused'
  | 'offer-answered'
  | 'offer-expired'
  | 'illegal-transition'
  | 'hash-mismatch'
  | 'too-many-requests'
  | 'starting'
  | 'internal';

/** RFC 9457 `application/problem+json`. */
export interface Problem {
  /** `/problems/<code>`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** One sentence that names what was wrong and what to do. */
  readonly detail: string;
  readonly code: ProblemCode;
  readonly instance?: string;
  readonly traceId?: string;
  /** For `insufficient-storage`: bytes that are missing. */
  readonly missingBytes?: number;
  /** For `validation`: one item a field; `pointer` is a JSON pointer. */
  readonly errors?: readonly {
    readonly pointer: string;
    readonly code: string;
    readonly detail: string;
  }[];
}
