import { get } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const EVERY_MS = 200;
const GIVE_UP_MS = 10_000;
const MS = 1_000_000;

/** Asks `/health/live` again and again. */
export class HealthWatch {
  /** Slowest answer, without the time that this process itself stood still. Milliseconds; Infinity = no answer. */
  maxMs = 0;
  samples = 0;
  private readonly ownDelay = monitorEventLoopDelay({ resolution: 10 });
  private timer?: NodeJS.Timeout;
  private isStopped = false;
  private asking: Promise<void> = Promise.resolve();

  constructor(private readonly port: number) {}

  start(): void {
    this.isStopped = false;
    this.ownDelay.enable();
    this.next();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.asking;
    this.ownDelay.disable();
  }

  /** One question at once. */
  async ask(): Promise<void> {
    this.ownDelay.reset();
    const startedAt = performance.now();
    const isAlive = await isLive(this.port);
    const ownMs = Math.min(this.ownDelay.max / MS, GIVE_UP_MS); // one stop of our own may have held up the answer
    const tookMs = Math.max(0, performance.now() - startedAt - ownMs);
    this.samples += 1;
    this.maxMs = Math.max(this.maxMs, isAlive ? tookMs : Infinity);
  }

  private next(): void {
    if (this.isStopped) return;
    this.asking = this.ask();
    void this.asking.then(() => (this.timer = setTimeout(() => this.next(), EVERY_MS)));
  }
}

/** On a connection of its own, as a supervisor would ask. */
function isLive(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health/live', agent: false, timeout: GIVE_UP_MS });
    request.on('response', (response) => {
      response.resume();
      response.on('close', () => resolve(response.statusCode === 200));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
