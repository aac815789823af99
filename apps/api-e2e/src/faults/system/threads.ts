import { readdir, readFile } from 'node:fs/promises';

/** A thread of the node, by what it does. */
export type ThreadRole = 'main' | 'pool' | 'worker';

const ROLES: Readonly<Record<string, ThreadRole>> = {
  'node-MainThread': 'main',
  'libuv-worker': 'pool',
  WorkerThread: 'worker',
};

/** The threads of a process that touch files, in the order in which they were made. */
export async function threadsOf(pid: number): Promise<readonly { readonly tid: number; readonly role: ThreadRole }[]> {
  const tids = (await readdir(`/proc/${pid}/task`)).map(Number).sort((a, b) => a - b);
  const named = await Promise.all(tids.map(async (tid) => ({ tid, comm: await commOf(pid, tid) })));
  return named.flatMap(({ tid, comm }) => {
    const role = tid === pid ? 'main' : ROLES[comm];
    return role ? [{ tid, role }] : [];
  });
}

async function commOf(pid: number, tid: number): Promise<string> {
  const comm = await readFile(`/proc/${pid}/task/${tid}/comm`, 'utf8').catch(() => ''); // it may have just ended
  return comm.trim();
}
