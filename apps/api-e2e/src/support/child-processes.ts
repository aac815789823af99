import { readdir, readFile } from 'node:fs/promises';

/** Processes that this one has started and that run; Linux only. */
export async function childProcesses(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8')));
  return lists.flatMap((list) => list.split(' ').filter((id) => id !== '')).map(Number);
}
