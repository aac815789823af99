import type { Program } from '@ferry/test-nodes';

/** What a process says when something got away from it. */
const ALARM = /uncaughtException|unhandledRejection|unhandled|MaxListenersExceeded|\bWarning:|RangeError|TypeError/i;
/** Bytes that a terminal obeys, and bidi marks. */
const CONTROL = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Who a line is about: `Session with ABCDEFG at 127.0.0.2:1234`, `Refused a connection from 127.0.0.2`. */
const ABOUT = /\b([A-Z2-7]{7}) at \d|from (\d+(?:\.\d+){3})/;
const ERROR_LEVEL = 50;
/** A little less than the second that is promised: the node's clock for the pace is not the one of its log lines. */
const PACE_MS = 950;

interface LogLine {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  /** Lines about a request of the HTTP API, which is not a peer. */
  readonly req?: unknown;
}

/** Reads everything a node prints and keeps what it must not print. */
export class LogWatch {
  readonly violations: string[] = [];
  lines = 0;
  private readonly lastAbout = new Map<string, number>();
  private readonly rests = { stdout: '', stderr: '' };
  private readonly stop: () => void;

  constructor(program: Program) {
    this.stop = program.onOutput((stream, bytes) => {
      const parts = `${this.rests[stream]}${bytes.toString('utf8')}`.split('\n');
      this.rests[stream] = parts.pop() ?? '';
      for (const line of parts) this.judge(line);
    });
  }

  close(): void {
    this.stop();
  }

  private judge(line: string): void {
    this.lines += 1;
    if (ALARM.test(line) || CONTROL.test(line)) this.violations.push(JSON.stringify(line.slice(0, 600)));
    if (!line.startsWith('{')) return;
    const { level, time, msg = '', req } = JSON.parse(line) as LogLine;
    if (req !== undefined) return;
    if (level >= ERROR_LEVEL) this.violations.push(`a fault of the node's own: ${line.slice(0, 600)}`);
    if (CONTROL.test(msg)) this.violations.push(`control bytes in ${JSON.stringify(msg)}`);
    const [, device, address] = ABOUT.exec(msg) ?? [];
    const about = device ?? address;
    if (about === undefined) return;
    const before = this.lastAbout.get(about) ?? 0;
    if (time - before < PACE_MS) this.violations.push(`two lines within ${time - before} ms about ${about}: ${msg}`);
    this.lastAbout.set(about, time);
  }
}
