import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withLock } from './lock.mjs';
import { inRoot } from './root.mjs';

let dir;
const children = [];
const options = (more) => ({ name: 'work', waitMs: 10_000, onWait: () => undefined, dir, ...more });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ferry-lock-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dir, { recursive: true });
});

/** Another process that holds the lock, with `holder` beside it when given, until it is killed. */
async function holdElsewhere(holder) {
  const lock = pathToFileURL(inRoot('tools/lib/lock.mjs')).href;
  const program = `
    const { withLock } = await import('${lock}');
    await withLock(${JSON.stringify(options())}, (addHolder) => {
      if (${holder}) addHolder(${holder});
      process.stdout.write('held');
      return new Promise(() => setInterval(() => undefined, 1000));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child) {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('withLock', () => {
  it('lets one after the other in, and says once that it waits', async () => {
    const order = [];
    const waits = [];
    const onWait = () => waits.push('waits');
    const first = Promise.withResolvers();
    const one = withLock(options(), () => first.promise.then(() => order.push('one')));
    const two = withLock(options({ onWait }), () => order.push('two'));
    expect(waits).toEqual(['waits']);
    first.resolve();
    await Promise.all([one, two]);
    expect(order).toEqual(['one', 'two']);
  });

  it('is free again after work that failed', async () => {
    await expect(withLock(options(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(withLock(options({ waitMs: 0 }), () => 'done')).resolves.toBe('done');
  });

  it('gives up when another process keeps it', async () => {
    await holdElsewhere();
    await expect(withLock(options({ waitMs: 0 }), () => 'done')).rejects.toThrow(/another process/);
  });

  it('takes over from a process that was killed', async () => {
    await kill(await holdElsewhere());
    await expect(withLock(options({ waitMs: 0 }), () => 'done')).resolves.toBe('done');
  });

  it('waits for the child that does the work of a killed process', async () => {
    const worker = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    children.push(worker);
    await kill(await holdElsewhere(worker.pid));
    await expect(withLock(options({ waitMs: 0 }), () => 'done')).rejects.toThrow(/another process/);
    await kill(worker);
    await expect(withLock(options({ waitMs: 0 }), () => 'done')).resolves.toBe('done');
  });
});
