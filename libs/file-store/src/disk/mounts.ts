import { readFile } from 'node:fs/promises';

const MOUNTS = '/proc/self/mountinfo';
/** Of the mount point: space, tab, newline and backslash are octal in it (proc_pid_mountinfo(5)). */
const ESCAPED = /\\([0-7]{3})/g;
const MOUNT_POINT_FIELD = 4;

/** Whether something is mounted at an absolute real path or below it. Known on Linux only; elsewhere the answer is no. */
export async function hasMounts(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const lines = (await readFile(MOUNTS, 'utf8')).split('\n');
  return lines.some((line) => {
    const point = (line.split(' ')[MOUNT_POINT_FIELD] ?? '').replace(ESCAPED, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    return point === path || point.startsWith(`${path}/`);
  });
}
