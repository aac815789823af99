import { isIPv4 } from 'node:net';
import { relative, isAbsolute, sep } from 'node:path';

export const MEBIBYTE = 1024 * 1024;

/** Whether a bind to `host` is reachable from this machine only. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

/** Whether `inner` is `outer` or lies below it. Both absolute; looks at the names only. */
export function containsFolder(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path));
}
