import type { ProblemCode } from '@ferry/protocol';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** Status and title of every problem. A new code without a line here fails to compile. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  validation: { status: 400, title: 'The request is not valid' },
  'malformed-request': { status: 400, title: 'This is not HTTP' },
  'headers-too-large': { status: 431, title: 'The request headers are too large' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'malformed-body': { status: 400, title: 'The request body cannot be read' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'body-too-large': { status: 413, title: 'The request body is too large' },
  'bad-cursor': { status: 400, title: 'The list position is not valid' },
  'unknown-host': { status: 421, title: 'Unknown host name' },
  'forbidden-origin': { status: 403, title: 'Another website may not use this node' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'file-not-found': { status: 404, title: 'No such file' },
  'peer-not-found': { status: 404, title: 'No such peer' },
  'pairing-not-found': { status: 404, title: 'No such pairing' },
  'transfer-not-found': { status: 404, title: 'No such transfer' },
  'unsafe-path': { status: 400, title: 'The file name cannot be used' },
  'extension-not-allowed': { status: 415, title: 'Files of this type are not accepted' },
  'file-too-large': { status: 413, title: 'The file is too large' },
  'insufficient-storage': { status: 507, title: 'Not enough space' },
  'range-unsatisfiable': { status: 416, title: 'The range lies outside the file' },
  'file-changed': { status: 409, title: 'The file has changed' },
  'peer-unreachable': { status: 502, title: 'The peer cannot be reached' },
  'peer-refused': { status: 502, title: 'The peer refused' },
  'peer-untrusted': { status: 403, title: 'Not paired with this peer' },
  'peer-version': { status: 502, title: 'The peer speaks another version' },
  'peer-identity': { status: 502, title: 'Another device answered' },
  'peer-offline': { status: 503, title: 'The peer is offline' },
  'pairing-expired': { status: 410, title: 'The invitation has expired' },
  'pairing-wrong-code': { status: 403, title: 'The invitation was not accepted' },
  'pairing-self': { status: 409, title: 'This is your own device' },
  'pairing-closed': { status: 409, title: 'The other device is not ready to pair' },
  'pairing-busy': { status: 409, title: 'Another pairing is under way' },
  'scan-off': { status: 403, title: 'Scanning is switched off' },
  'offer-not-found': { status: 404, title: 'No such offer' },
  'offer-refused': { status: 409, title: 'The peer does not take this offer' },
  'offer-answered': { status: 409, title: 'The offer was answered already' },
  'offer-expired': { status: 410, title: 'The offer has expired' },
  'pairing-malformed': { status: 400, title: 'This is not an invitation' },
  'illegal-transition': { status: 409, title: 'Not possible in this state' },
  'hash-mismatch': { status: 422, title: 'The content does not match its hash' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  starting: { status: 503, title: 'The node is starting' },
  internal: { status: 500, title: 'Internal error' },
};
