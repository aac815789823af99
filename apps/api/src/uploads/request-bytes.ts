import type { IncomingMessage } from 'node:http';

/** Bytes read ahead of who takes them. */
const READ_AHEAD_BYTES = 1024 * 1024;

/**
 * The bytes of a request as they come, no copy made. Ends early, as if there were no more, when `signal` aborts; unlike a stream
 * pipeline it leaves the request open then, so that it can be answered. Who stops early leaves the rest unread.
 * @throws what the request broke off with.
 */
export async function* requestBytes(request: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let wake = (): void => undefined;
  const take = (chunk: Uint8Array) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= READ_AHEAD_BYTES) request.pause();
    wake();
  };
  const look = () => wake();
  request.on('data', take).on('end', look).on('close', look).on('error', look);
  signal.addEventListener('abort', look);
  try {
    for (;;) {
      for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
        bytes -= chunk.length;
        yield chunk;
      }
      if (request.readableEnded || signal.aborted) return;
      if (request.destroyed) throw request.errored ?? new DOMException('The client went away', 'AbortError');
      const event = new Promise<void>((resolve) => (wake = resolve));
      request.resume();
      await event;
    }
  } finally {
    request.pause();
    request.off('data', take).off('end', look).off('close', look).off('error', look);
    signal.removeEventListener('abort', look);
  }
}
