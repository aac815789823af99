import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { withDeadline } from '@ferry/test-nodes';
import { Unable } from '../scenario';

const ATTACH_MS = 20_000;
const ATTACHED = /Process (\d+) attached/g;
const TAMPERED = '(INJECTED)';

/** strace attached to threads of a running process; it ends with them. */
export class Strace {
  private words = '';
  private readonly closed: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.closed = once(child, 'close');
    this.closed.catch(() => undefined); // 'error' is met by `attach`
    child.stderr?.on('data', (text: Buffer) => (this.words += text.toString()));
  }

  /** @param args beside the threads. @throws Unable when this machine has no strace or lets nobody trace. */
  static async attach(tids: readonly number[], args: readonly string[]): Promise<Strace> {
    const child = spawn('strace', [...tids.flatMap((tid) => ['-p', String(tid)]), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const strace = new Strace(child);
    await withDeadline(Promise.race([strace.attachedTo(tids.length), strace.refused()]), ATTACH_MS, () => strace.words);
    return strace;
  }

  /** Lets the process go. @returns how many calls were tampered with. */
  async detach(): Promise<number> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    await withDeadline(this.closed, ATTACH_MS, 'strace to end');
    return this.words.split(TAMPERED).length - 1;
  }

  private attachedTo(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.child.stderr?.on('data', () => {
        if (new Set([...this.words.matchAll(ATTACHED)].map(([, tid]) => tid)).size >= count) resolve();
      });
    });
  }

  private async refused(): Promise<never> {
    await this.closed.catch(() => {
      throw new Unable('there is no strace');
    });
    throw new Unable(`strace does not trace here: ${this.words.trim()}`);
  }
}
