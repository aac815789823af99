import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { withDeadline, WORKSPACE } from '@ferry/test-nodes';

const FOLDER = join(WORKSPACE, 'tools/interop');
const WAIT_MS = 30_000;

/** What a run of the client printed, and how it ended. */
export interface PythonRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @throws Error that says how to install what the client needs and this machine lacks. */
export function requirePython(): void {
  const needed = { python3: ['--version'], openssl: ['version'] };
  for (const [program, args] of Object.entries(needed)) {
    try {
      execFileSync(program, args, { stdio: 'ignore' });
    } catch (cause) {
      throw new Error(`${program} is missing. Install it: apt-get install ${program} (or brew install ${program})`, {
        cause,
      });
    }
  }
}

/** One run of `tools/interop` as a child process of its own. */
export class PythonProcess {
  private stdout = '';
  private stderr = '';
  private readonly closed: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly label: string,
  ) {
    child.stdout?.on('data', (text: Buffer) => (this.stdout += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.closed = once(child, 'close');
  }

  static spawn(script: string, args: readonly string[]): PythonProcess {
    const child = spawn('python3', ['-B', join(FOLDER, script), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    return new PythonProcess(child, [script, ...args].join(' '));
  }

  /** Resolves when it has printed `text`. @throws Error when it ends before, or takes too long. */
  async prints(text: string): Promise<void> {
    const printed = async (): Promise<void> => {
      while (!this.stdout.includes(text)) await once(this.child.stdout as NodeJS.EventEmitter, 'data');
    };
    await this.before(Promise.race([printed(), this.closed]), `"${text}"`);
    if (!this.stdout.includes(text)) throw new Error(`${this.label} ended\n${this.stderr}`);
  }

  async ended(): Promise<PythonRun> {
    await this.before(this.closed, 'the end');
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  /** Interrupts it, as Ctrl-C does, and waits for its end. */
  async stop(): Promise<PythonRun> {
    this.child.kill('SIGINT');
    return this.ended();
  }

  /** Who takes too long is killed. */
  private async before(event: Promise<unknown>, what: string): Promise<void> {
    try {
      await withDeadline(event, WAIT_MS, () => `${what} of ${this.label}\n${this.stdout}${this.stderr}`);
    } catch (error) {
      this.child.kill('SIGKILL');
      throw error;
    }
  }
}

/** The second implementation of the protocol, with a state folder of its own. */
export class PythonClient {
  constructor(
    private readonly state: string,
    private readonly key: 'ed25519' | 'p256' = 'ed25519',
  ) {}

  /** A run that must succeed. @returns the lines it printed. */
  async lines(...args: string[]): Promise<string[]> {
    const run = await this.run(...args);
    if (run.code !== 0) throw new Error(`${args.join(' ')}: ${JSON.stringify(run)}`);
    return run.stdout.split('\n').filter((line) => line !== '');
  }

  /** A run that may fail. */
  run(...args: string[]): Promise<PythonRun> {
    return this.start(...args).ended();
  }

  /** A run that goes on until it is stopped. */
  start(...args: string[]): PythonProcess {
    return PythonProcess.spawn('ferry_client.py', ['--state', this.state, '--key', this.key, ...args]);
  }
}
