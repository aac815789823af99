import { get } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ProcessFigures } from './process-figures';

const EVERY_MS = 200;
const GIVE_UP_MS = 10_000;
const MS = 1_000_000;

/** Asks `/health/live` again and again. */
export class HealthWatch {
  /**
   * Slowest answer in milliseconds, without the time that this process stood still or the node waited for a processor, as
   * other programs may keep the machine busy. Infinity = no answer.
   */
  maxMs = 0;
  private readonly ownDelay = monitorEventLoopDelay({ resolution: 10 });
  private timer?: NodeJS.Timeout;
  private isStopped = false;
  private asking: Promise<void> = Promise.resolve();

  constructor(
    private readonly port: number,
    private readonly figures: ProcessFigures,
  ) {}

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
    const waitedBefore = await this.waitedMs();
    const startedAt = performance.now();
    const isAlive = await isLive(this.port);
    const answeredAt = performance.now();
    const waitedMs = (await this.waitedMs()) - waitedBefore;
    const ownMs = Math.min(this.ownDelay.max / MS, GIVE_UP_MS); // one stop of our own may have held up the answer
    const tookMs = Math.max(0, answeredAt - startedAt - ownMs - waitedMs);
    this.maxMs = Math.max(this.maxMs, isAlive ? tookMs : Infinity);
  }

  /** 0 when the process is gone, which others will tell. */
  private waitedMs(): Promise<number> {
    return this.figures.waitedMs().catch(() => 0);
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
