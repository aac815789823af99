import type { UpdateFileRequest } from '@ferry/protocol';

/** Requests at a time: browsers open six connections to a node, and the page needs one for its events. */
const AT_ONCE = 4;

/**
 * Changes many entries, a few at a time, and goes on after a failure.
 * @param update changes one entry.
 * @returns the ids that could not be changed, with the last reason.
 */
export async function saveVisibility(
  ids: readonly string[],
  request: UpdateFileRequest,
  update: (id: string, request: UpdateFileRequest) => Promise<unknown>,
): Promise<{ readonly failed: readonly string[]; readonly reason?: unknown }> {
  const left = [...ids];
  const failed: string[] = [];
  let reason: unknown;
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const [result] = await Promise.allSettled([update(id, request)]);
      if (result.status === 'fulfilled') continue;
      failed.push(id);
      reason = result.reason;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { failed, reason };
}
