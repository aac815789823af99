import { readdir, readFile, readlink } from 'node:fs/promises';

const KIB = 1_024;

/** What the system counts about a process: Linux `/proc`. */
export class ProcessFigures {
  private readonly proc: string;

  constructor(
    pid: number,
    /** Connections to this port are the tests' own and not counted. */
    private readonly httpPort: number,
  ) {
    this.proc = `/proc/${pid}`;
  }

  /** What the open file descriptors lead to, without connections to the HTTP API. */
  async descriptors(): Promise<string[]> {
    const ours = await this.httpSockets();
    const numbers = await readdir(`${this.proc}/fd`);
    const targets = await Promise.all(numbers.map((fd) => readlink(`${this.proc}/fd/${fd}`).catch(() => undefined)));
    return targets.filter((target) => target !== undefined).filter((target) => !ours.has(target));
  }

  /** Resident memory in bytes. */
  async memory(): Promise<number> {
    const status = await readFile(`${this.proc}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * KIB;
  }

  /** Processor time used so far, in milliseconds. */
  async cpuMs(): Promise<number> {
    const stat = await readFile(`${this.proc}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // field 3 of proc(5) on
    return (Number(fields[11]) + Number(fields[12])) * 10; // user and system, in ticks of 1/100 s
  }

  /** How long its main thread could have run and had no processor, in milliseconds: the machine's doing, not its own. */
  async waitedMs(): Promise<number> {
    const [, waitedNs] = (await readFile(`${this.proc}/schedstat`, 'utf8')).split(' ');
    return Number(waitedNs) / 1_000_000;
  }

  private async httpSockets(): Promise<Set<string>> {
    const port = `:${this.httpPort.toString(16).toUpperCase().padStart(4, '0')}`;
    const lines = (await readFile(`${this.proc}/net/tcp`, 'utf8')).split('\n').slice(1);
    const rows = lines.map((line) => line.trim().split(/\s+/));
    return new Set(rows.filter(([, local]) => local?.endsWith(port)).map((row) => `socket:[${row[9]}]`));
  }
}
