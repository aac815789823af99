import type { Transfer } from '@ferry/protocol';

/** A transfer for specs. */
export function aTransfer(over: Partial<Transfer> = {}): Transfer {
  return {
    id: 't1',
    direction: 'in',
    state: 'running',
    peerIds: ['PEER'],
    name: 'film.mkv',
    files: { done: 0, total: 1 },
    totalBytes: 1000,
    doneBytes: 250,
    verifiedBytes: 200,
    resumedBytes: 0,
    reusedBytes: 0,
    bytesPerSecond: 100,
    sources: [],
    createdAt: '2026-05-10T12:00:00Z',
    ...over,
  };
}
