import { setImmediate } from 'node:timers/promises';
import { MAX_OUTSTANDING_REQUESTS } from '@ferry/protocol';
import { MAX_PLAIN_ANSWERS } from './limits';
import { listenInMemory, MemoryHost } from './testing/campaign/memory-link';
import { helloFrame, requestBytes } from './testing/raw-peer';
import './testing/test-device'; // keeps the log quiet

const PAGE = 'x'.repeat(60_000);

describe('answers that nobody reads', () => {
  let answered = 0;
  const host = new MemoryHost('here', async () => {
    answered += 1;
    return PAGE;
  });

  it('are not made beyond a few, and all come once they are read', async () => {
    const { session, stream } = listenInMemory(host);
    stream.write(helloFrame());
    for (let index = 1; index <= MAX_OUTSTANDING_REQUESTS; index++)
      stream.write(requestBytes(2 * index + 1, 'test.page'));
    for (let turn = 0; turn < 100; turn++) await setImmediate();
    expect(session.isOpen).toBe(true);
    expect(answered).toBeGreaterThanOrEqual(MAX_PLAIN_ANSWERS);
    expect(answered).toBeLessThanOrEqual(2 * MAX_PLAIN_ANSWERS); // the stream itself takes some

    let bytes = 0;
    await new Promise<void>((resolve) => {
      stream.on('data', (chunk: Uint8Array) => {
        bytes += chunk.length;
        if (bytes > MAX_OUTSTANDING_REQUESTS * PAGE.length) resolve();
      });
    });
    expect(answered).toBe(MAX_OUTSTANDING_REQUESTS);
    session.abort(new Error('done'));
  });
});
