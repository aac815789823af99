import { readFile } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Strace } from './strace';
import { type ThreadRole, threadsOf } from './threads';

/** Calls that change files or make changes last: between two of them a kill finds the same disk. */
export const CHANGING_CALLS = [
  'openat',
  'mkdir',
  'mkdirat',
  'write',
  'writev',
  'pwrite64',
  'pwritev',
  'ftruncate',
  'fallocate',
  'copy_file_range',
  'fsync',
  'fdatasync',
  'link',
  'linkat',
  'unlink',
  'unlinkat',
  'rename',
  'renameat',
  'renameat2',
  'utimensat',
  'fchmod',
] as const;

export type ChangingCall = (typeof CHANGING_CALLS)[number];

/** The n-th call of a kind that threads of a role make. */
export interface CallPlace {
  readonly role: ThreadRole;
  readonly call: ChangingCall;
  /** From 1. */
  readonly nth: number;
}

const LINE = /^(\d+) +(\w+)\((.*)$/;

/** Every changing call that the process makes to files below `folder` while `work` runs, in their order. */
export async function callsDuring(pid: number, folder: string, work: () => Promise<void>): Promise<CallPlace[]> {
  const temporary = await mkdtemp(join(tmpdir(), 'ferry-calls-'));
  const log = join(temporary, 'log');
  try {
    const strace = await Strace.attach(
      [pid],
      ['-f', '-y', '-s', '0', '-e', `trace=${CHANGING_CALLS.join(',')}`, '-o', log],
    );
    let threads: Awaited<ReturnType<typeof threadsOf>>;
    try {
      await work();
    } finally {
      threads = await threadsOf(pid);
      await strace.detach();
    }
    const roles = new Map(threads.map(({ tid, role }) => [tid, role]));
    return placesIn(await readFile(log, 'utf8'), folder, roles);
  } finally {
    await rm(temporary, { recursive: true });
  }
}

/** strace counts for each thread: of several with one role the busiest gives the places. */
function placesIn(log: string, folder: string, roles: ReadonlyMap<number, ThreadRole>): CallPlace[] {
  const counts = new Map<string, number>();
  const places = new Map<string, CallPlace>();
  for (const line of log.split('\n')) {
    const [, tid = '', call = '', rest = ''] = LINE.exec(line) ?? [];
    const role = roles.get(Number(tid));
    if (!role || rest.startsWith('resumed')) continue;
    const nth = (counts.get(`${tid} ${call}`) ?? 0) + 1; // all of them: strace counts those on sockets too
    counts.set(`${tid} ${call}`, nth);
    if (!isOnFile(call, rest, folder)) continue;
    const place = { role, call: call as ChangingCall, nth };
    places.set(`${role} ${call} ${nth}`, place);
  }
  return [...places.values()];
}

/** `write` also wakes threads and answers HTTP; the node names files by open folders. */
function isOnFile(call: string, rest: string, folder: string): boolean {
  return rest.includes(folder) || (!call.includes('write') && rest.includes('/proc/self/fd/'));
}
