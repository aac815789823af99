import { type Stats, constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { systemCode } from '../file-store-error';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY, S_IRGRP, S_IROTH, S_IRUSR } = constants;

/** Whether this process may read a file, as its mode says; further rules of the system may still allow it. */
export function seemsReadable({ mode, uid, gid }: Stats): boolean {
  const user = process.geteuid?.();
  if (user === undefined) return true; // no modes here
  if (user === uid) return (mode & S_IRUSR) !== 0;
  if (process.getegid?.() === gid || process.getgroups?.().includes(gid)) return (mode & S_IRGRP) !== 0;
  return (mode & S_IROTH) !== 0;
}

/** The same, trying it where the mode says no. What is gone is not forbidden. */
export async function mayRead(path: string, stats: Stats): Promise<boolean> {
  if (seemsReadable(stats)) return true;
  try {
    await (await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)).close();
    return true;
  } catch (error) {
    return !['EACCES', 'EPERM'].includes(systemCode(error) ?? '');
  }
}
