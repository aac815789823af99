import { aTransfer } from './a-transfer';
import { sourcesNow } from './sources-now';

describe('sourcesNow', () => {
  const old = { peerId: 'A', bytes: 10, bytesPerSecond: 0 };

  it('gives a single source the figures of the transfer', () => {
    const transfer = aTransfer({ sources: [old], doneBytes: 500, resumedBytes: 200, bytesPerSecond: 7 });
    expect(sourcesNow(transfer)).toEqual([{ peerId: 'A', bytes: 300, bytesPerSecond: 7 }]);
  });

  it('leaves several sources as the node told them', () => {
    const sources = [old, { ...old, peerId: 'B' }];
    expect(sourcesNow(aTransfer({ sources }))).toEqual(sources);
  });
});
