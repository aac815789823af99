import { FileStoreError } from '@ferry/file-store';
import { ProtocolError } from '@ferry/protocol';
import { PeerError } from '../transport/peer-error';
import { fileFault, stopReason } from './stop-reason';

describe('stopReason', () => {
  it.each(['UNREACHABLE', 'DNS_FAILED', 'TIMEOUT', 'SESSION_CLOSED', 'OFFLINE', 'TLS_FAILED'] as const)(
    'waits for the peer after %s',
    (code) => {
      const reason = stopReason(new PeerError(code, 'Nobody answers.'));
      expect(reason).toMatchObject({ state: 'waiting-for-peer', detail: 'Nobody answers.' });
    },
  );

  it.each([
    ['UNKNOWN_FILE', 'failed', 'file-not-found'],
    ['FILE_CHANGED', 'failed', 'file-changed'],
    ['NOT_PAIRED', 'failed', 'peer-untrusted'],
    ['INTERNAL', 'failed', 'peer-refused'],
    ['BUSY', 'waiting-for-peer', 'too-many-requests'],
  ] as const)('takes the answer %s as %s with %s', (remoteCode, state, code) => {
    expect(stopReason(new PeerError('REMOTE', 'No.', { remoteCode }))).toMatchObject({ state, code });
  });

  it('fails for good over a block that is not the file', () => {
    expect(stopReason(new FileStoreError('HASH_MISMATCH', 'Block 3 does not match.'))).toEqual({
      state: 'failed',
      code: 'hash-mismatch',
      detail: 'The peer sent data that is not this file. It was thrown away.',
    });
  });

  it('pauses over a full disk', () => {
    const reason = stopReason(new FileStoreError('NO_SPACE', 'Not enough space: 5 bytes are missing.'));
    expect(reason).toEqual({
      state: 'paused',
      code: 'insufficient-storage',
      detail: 'Not enough space: 5 bytes are missing.',
    });
    expect(stopReason(Object.assign(new Error('database or disk is full'), { errcode: 13 }))).toMatchObject({
      state: 'paused',
      code: 'insufficient-storage',
    });
  });

  it('blames the peer for a broken protocol and itself for anything unknown', () => {
    expect(stopReason(new ProtocolError('UNEXPECTED_MESSAGE', 'Twice.')).code).toBe('peer-refused');
    expect(stopReason(new TypeError('x is undefined'))).toMatchObject({ code: 'internal' });
    expect(stopReason(new TypeError('x is undefined')).detail).not.toContain('undefined');
  });
});

describe('fileFault', () => {
  it.each([
    new FileStoreError('EXTENSION_NOT_ALLOWED', '.exe files are not accepted'),
    new FileStoreError('HASH_MISMATCH', 'Block 3 does not match.'),
    new PeerError('REMOTE', 'No.', { remoteCode: 'UNKNOWN_FILE' }),
    new PeerError('REMOTE', 'No.', { remoteCode: 'FILE_CHANGED' }),
    new ProtocolError('MALFORMED_MESSAGE', 'name is missing'),
  ])('lets the other files go on after %s', (error) => {
    expect(fileFault(error)).toMatchObject({ code: expect.any(String), detail: expect.any(String) });
  });

  it.each([
    new FileStoreError('NO_SPACE', 'The disk is full'),
    new FileStoreError('IO', 'The disk failed (EIO)'),
    new PeerError('SESSION_CLOSED', 'Gone.'),
    new PeerError('REMOTE', 'No.', { remoteCode: 'NOT_PAIRED' }),
    new TypeError('x is undefined'),
  ])('stops all files after %s', (error) => {
    expect(fileFault(error)).toBeUndefined();
  });
});
