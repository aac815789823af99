// What the system knows about another process. Linux reads /proc, other systems ask ps. Built-ins only.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @returns {string[] | undefined} fields of /proc/<pid>/stat from the state on, so `[0]` is field 3 of proc(5) */
function procStat(pid) {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' '); // the name in brackets may hold spaces
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

function ps(pid, column) {
  try {
    const text = execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.trim() || undefined;
  } catch (error) {
    if (error.status === 1) return undefined; // no such process
    throw error;
  }
}

/** A text that two processes with the same pid do not share; undefined when no such process runs (a zombie does not). */
export function startTimeOf(pid) {
  if (process.platform === 'linux') {
    const stat = procStat(pid);
    return stat && stat[0] !== 'Z' ? stat[19] : undefined;
  }
  if (process.platform === 'win32') {
    try {
      process.kill(pid, 0);
      return 'running';
    } catch (error) {
      return error.code === 'EPERM' ? 'running' : undefined;
    }
  }
  return ps(pid, 'lstart');
}

/** @returns {number | undefined} */
export function parentOf(pid) {
  if (process.platform === 'win32') return undefined;
  const parent = process.platform === 'linux' ? procStat(pid)?.[1] : ps(pid, 'ppid');
  return parent === undefined ? undefined : Number(parent);
}

/** Is it a shell, such as the one npm puts between itself and a script? */
export function isShell(pid) {
  if (process.platform === 'win32') return false;
  const name = process.platform === 'linux' ? commOf(pid) : (ps(pid, 'comm') ?? '');
  return /(^|\/)-?(sh|dash|bash|zsh|ash|ksh|busybox)$/.test(name);
}

function commOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
    throw error;
  }
}
