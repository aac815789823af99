import { MAX_SOURCES, REPLY_DELAY_MS, REPLY_PAUSE_MS, REPLY_PAUSE_PER_SOURCE_MS } from './limits';

/**
 * Decides when a question is answered: always to the whole group, after a short random delay, at most once a second
 * on a link and once to a source in ten seconds. So nobody can make this device send much, nor to anybody else.
 */
export class Replies<Link extends object> {
  /** When each source was answered, the longest ago first. */
  private readonly answeredMs = new Map<string, number>();
  private readonly lastMs = new WeakMap<Link, number>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly reply: (link: Link) => void) {}

  /** @param now milliseconds of a clock that only goes forward. */
  want(link: Link, source: string, now: number): void {
    if (now - (this.lastMs.get(link) ?? -Infinity) < REPLY_PAUSE_MS || !this.isFirstOf(source, now)) return;
    this.lastMs.set(link, now);
    this.answeredMs.set(source, now);
    const delayMs = REPLY_DELAY_MS.min + Math.random() * (REPLY_DELAY_MS.max - REPLY_DELAY_MS.min);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.reply(link);
    }, delayMs).unref();
    this.timers.add(timer);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  /** When there are too many sources, the newest wait: they hear us soon without asking. */
  private isFirstOf(source: string, now: number): boolean {
    for (const [other, atMs] of this.answeredMs) {
      if (now - atMs < REPLY_PAUSE_PER_SOURCE_MS) break;
      this.answeredMs.delete(other);
    }
    return !this.answeredMs.has(source) && this.answeredMs.size < MAX_SOURCES;
  }
}
