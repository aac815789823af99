import type { ServerResponse } from 'node:http';

/**
 * Sends the body of an answer and ends it. A chunk is asked for when the one before was taken off our hands, so its memory
 * can be used again; a slow client slows the source, and one that goes ends it.
 * @returns when everything was sent, or nobody is there any more.
 * @throws what `chunks` fails with; the answer is not ended then.
 */
export async function sendChunks(response: ServerResponse, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const writer = new Writer(response);
  for await (const chunk of chunks) {
    if (!(await writer.write(chunk))) return;
  }
  response.end();
}

class Writer {
  private settle: ((isTaken: boolean) => void) | undefined;

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => this.settle?.(false)).on('error', () => this.settle?.(false));
  }

  /** @returns false when the client is gone. */
  write(chunk: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      this.settle = resolve;
      if (this.response.destroyed) resolve(false);
      else this.response.write(chunk, (error) => resolve(!error));
    });
  }
}
