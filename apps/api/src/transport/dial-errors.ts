import { PeerError } from './peer-error';

const NO_ROUTE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);

/** Says what to do about a TCP connection that did not come about. */
export function connectError(address: string, cause: unknown): PeerError {
  const code = errorCode(cause);
  if (code === 'ECONNREFUSED') {
    return new PeerError(
      'UNREACHABLE',
      `Nothing listens at ${address}: is Ferry running there, and is the port right?`,
      {
        cause,
      },
    );
  }
  if (code === 'ETIMEDOUT') return timeoutError(address, cause);
  const what = NO_ROUTE.has(code) ? 'there is no way to that network' : code || 'the connection failed';
  return new PeerError('UNREACHABLE', `${address} cannot be reached (${what}): are both devices in the same network?`, {
    cause,
  });
}

export function timeoutError(address: string, cause?: unknown): PeerError {
  return new PeerError(
    'TIMEOUT',
    `${address} does not answer: is the device on, and does its firewall let Ferry's port in?`,
    {
      cause,
    },
  );
}

/** TCP was there, TLS never came. */
export function silentError(address: string, cause?: unknown): PeerError {
  const text = `Something takes the connection at ${address} but does not answer: another program, or a device that hangs`;
  return new PeerError('TIMEOUT', text, { cause });
}

export function lookupError(host: string, cause: unknown): PeerError {
  return new PeerError(
    'DNS_FAILED',
    `The name ${host} is not known (${errorCode(cause)}): check it, or use the IP address`,
    {
      cause,
    },
  );
}

export function handshakeError(address: string, cause: unknown): PeerError {
  if (cause instanceof PeerError) return cause;
  return new PeerError(
    'TLS_FAILED',
    `Something answers at ${address}, but it does not speak Ferry's protocol, or it refused us`,
    {
      cause,
    },
  );
}

/** The system's name for the fault, for example ECONNREFUSED. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
