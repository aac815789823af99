import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { withDeadline } from './deadline';
import { WORKSPACE } from './workspace';

const START_TIMEOUT_MS = 30_000;
const EXIT_TIMEOUT_MS = 15_000;
const OUTPUT_CHARS = 64_000;

export type Env = Readonly<Record<string, string>>;

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a program prints, as far as it is kept. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Gets everything that a program prints from now on, as it comes. */
export type OutputReader = (stream: keyof ProgramOutput, bytes: Buffer) => void;

/** One built program of ours as a child process that tells over IPC when it listens. */
export class Program {
  private stdout = '';
  private stderr = '';
  private readonly readers = new Set<OutputReader>();
  private readonly ended: Promise<ProgramEnd>;

  private constructor(
    private readonly label: string,
    private readonly child: ChildProcess,
  ) {
    child.stdout?.on('data', (text: Buffer) => {
      this.stdout = `${this.stdout}${text}`.slice(-OUTPUT_CHARS);
      for (const reader of this.readers) reader('stdout', text);
    });
    child.stderr?.on('data', (text: Buffer) => {
      this.stderr = `${this.stderr}${text}`.slice(-OUTPUT_CHARS);
      for (const reader of this.readers) reader('stderr', text);
    });
    // The last words come after 'exit'; 'close' does not come at all once we have cut the channel.
    const outputs = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'close'));
    this.ended = once(child, 'exit').then(async ([code, signal]) => {
      await Promise.all(outputs);
      return { code, signal } as ProgramEnd;
    });
  }

  /**
   * @param env the program's `FERRY_*` settings; none are inherited.
   * @param launcher a command that becomes the program (by exec), for instance with fewer rights: its words before those of the program.
   */
  static spawn(label: string, script: string, env: Env, launcher: readonly string[] = []): Program {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FERRY_'));
    const [command = process.execPath, ...args] = [...launcher, process.execPath, script];
    const child = spawn(command, args, {
      cwd: WORKSPACE,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new Program(label, child);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get output(): ProgramOutput {
    return { stdout: this.stdout, stderr: this.stderr };
  }

  /** @returns ends the reading. */
  onOutput(reader: OutputReader): () => void {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }

  /** Resolves when the program says that its ports are open. @throws Error with its output when it ends instead. */
  async listening(): Promise<void> {
    const early = this.ended.then(({ code, signal }) => {
      throw new Error(`${this.label} ended with ${code ?? signal} before it listened\n${this.report()}`);
    });
    const what = () => `${this.label} to listen\n${this.report()}`;
    await withDeadline(Promise.race([once(this.child, 'message'), early]), START_TIMEOUT_MS, what);
  }

  /** Resolves when the process is gone. */
  async end(): Promise<ProgramEnd> {
    return withDeadline(this.ended, EXIT_TIMEOUT_MS, () => `${this.label} to end\n${this.report()}`);
  }

  /** Sends `signal` to this process alone and waits for its end. */
  async kill(signal: NodeJS.Signals): Promise<ProgramEnd> {
    if (this.isRunning) this.child.kill(signal);
    return this.end();
  }

  /** Cuts the IPC channel, as the death of the supervising process would, and waits for the end. */
  async abandon(): Promise<ProgramEnd> {
    this.child.disconnect();
    return this.end();
  }

  /** The last output, for messages of failed tests. */
  report(): string {
    return `--- ${this.label} stderr ---\n${this.stderr.slice(-4_000)}\n--- ${this.label} stdout ---\n${this.stdout.slice(-8_000)}`;
  }
}
