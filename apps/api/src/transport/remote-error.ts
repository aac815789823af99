import { errorFromMessage, parseErrorMessage, ProtocolError } from '@ferry/protocol';
import { PeerError } from './peer-error';

/** What a peer's ERROR means to the one who asked. @throws ProtocolError when it is malformed. */
export function remoteError(value: unknown): PeerError {
  const error = errorFromMessage(parseErrorMessage(value));
  const options = { remoteCode: error.code, cause: error };
  switch (error.code) {
    case 'NOT_PAIRED':
      return new PeerError('NOT_PAIRED', 'The other device does not know this one any more: pair them again', options);
    case 'UNSUPPORTED_VERSION':
      return versionError(error);
    default:
      return new PeerError('REMOTE', `The other device answered: ${error.message || error.code}`, options);
  }
}

/** What a handler's failure becomes on the wire. Only our own protocol errors tell their text. */
export function answerableError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (isAbortError(error)) return new ProtocolError('CANCELLED', 'cancelled');
  return new ProtocolError('INTERNAL', 'internal error', { cause: error });
}

function isAbortError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}

/** Why requests fail when a session is over. */
export function closedSession(cause?: unknown): PeerError {
  return new PeerError('SESSION_CLOSED', 'The connection to the other device was closed', { cause });
}

/** Why requests fail when a session ended because one side broke the protocol. */
export function brokenSession(cause: ProtocolError): PeerError {
  if (cause.code === 'UNSUPPORTED_VERSION') return versionError(cause);
  const text = `The connection to the other device was ended: ${cause.message}`;
  return new PeerError('SESSION_CLOSED', text, { cause });
}

function versionError(cause: ProtocolError): PeerError {
  const text = `The other device speaks another protocol version: update Ferry on both (${cause.message})`;
  return new PeerError('VERSION', text, { remoteCode: cause.code, cause });
}
