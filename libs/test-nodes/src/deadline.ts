/**
 * Settles as `work` does, or rejects after `timeoutMs`.
 * @param what the thing waited for; also asked late, so that the message can tell how far things came.
 */
export async function withDeadline<T>(work: Promise<T>, timeoutMs: number, what: string | (() => string)): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited ${timeoutMs} ms for ${typeof what === 'string' ? what : what()}`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
