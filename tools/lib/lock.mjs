// A lock between processes of one checkout that needs no cleaning up after kill -9. Built-ins only.
//
// Lock files are numbered: `install.7`. Whoever creates the highest number holds the lock. A number is taken over by creating
// the next one, with link(2), once its holder has released it or is dead; nobody removes a file that may still count. Only
// the holder removes lower numbers, and a latecomer who re-creates one of those sees the higher number and steps back.
import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTimeOf } from './process-info.mjs';
import { inRoot } from './root.mjs';

const POLL_MS = 250;
const RELEASED = '[]';

/** Pids are compared together with their start time, because systems use a pid again. */
const describe = (pids) => JSON.stringify(pids.map((pid) => ({ pid, start: startTimeOf(pid) })));

function isHeld(text) {
  if (text === undefined) return false;
  return JSON.parse(text).some(({ pid, start }) => start !== undefined && startTimeOf(pid) === start);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined; // removed by a holder of a higher number
    throw error;
  }
}

/** Puts `text` under `file` in one step; false when `file` exists and must not be replaced. */
function put(file, text, replace) {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text);
  if (replace) {
    renameSync(draft, file);
    return true;
  }
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

class NumberedLock {
  constructor(dir, name) {
    this.dir = dir;
    this.name = name;
  }

  file(number) {
    return join(this.dir, `${this.name}.${number}`);
  }

  numbers() {
    return readdirSync(this.dir)
      .filter((entry) => entry.startsWith(`${this.name}.`))
      .map((entry) => Number(entry.slice(this.name.length + 1))) // a draft gives NaN
      .filter(Number.isInteger)
      .sort((a, b) => b - a);
  }

  /** @returns {number | undefined} the number now held by this process */
  tryAcquire() {
    const highest = this.numbers()[0] ?? 0;
    if (highest > 0 && isHeld(read(this.file(highest)))) return undefined;
    const mine = highest + 1;
    if (!put(this.file(mine), describe([process.pid]), false)) return undefined;
    const [now, ...lower] = this.numbers();
    if (now !== mine) {
      rmSync(this.file(mine), { force: true });
      return undefined;
    }
    for (const number of lower) rmSync(this.file(number), { force: true });
    return mine;
  }
}

/**
 * Runs `work` while no other process of this checkout runs one under the same name.
 * `work` gets `addHolder(pid)`: call it with the pid of a child that does the work, so that the lock is held until that child
 * is gone too, even when this process is killed before it.
 * @param {{ name: string, waitMs: number, onWait: () => void, dir?: string }} options `onWait` is called once, when there is
 * someone to wait for; `dir` holds the lock files
 */
export async function withLock({ name, waitMs, onWait, dir = inRoot('tmp/locks') }, work) {
  mkdirSync(dir, { recursive: true });
  const lock = new NumberedLock(dir, name);
  const deadline = Date.now() + waitMs;
  let number = lock.tryAcquire();
  if (number === undefined) onWait();
  while (number === undefined) {
    if (Date.now() > deadline) {
      throw new Error(
        `Waited ${Math.round(waitMs / 1000)} s for another process of this checkout (lock files: ${join(dir, name)}.*).`,
      );
    }
    await delay(POLL_MS);
    number = lock.tryAcquire();
  }
  const file = lock.file(number);
  try {
    return await work((pid) => put(file, describe([process.pid, pid]), true));
  } finally {
    put(file, RELEASED, true);
  }
}
