import type { LoggerService } from '@nestjs/common';
import { displayText } from '@ferry/protocol';

const PACE_MS = 1_000;
const MAX_SOURCES = 1_024;
const MAX_LINE_CHARS = 300;

/** At most one line a second about each peer, and no byte of a peer's that a terminal obeys. */
export class PacedLog {
  private readonly lastLine = new Map<string, number>();

  constructor(private readonly logger: LoggerService) {}

  warn(source: string, line: string): void {
    if (this.isDue(source)) this.logger.warn(displayText(line, MAX_LINE_CHARS));
  }

  error(source: string, line: string, error: unknown): void {
    if (!this.isDue(source)) return;
    const stack = error instanceof Error ? error.stack : String(error);
    this.logger.error(displayText(line, MAX_LINE_CHARS), stack);
  }

  private isDue(source: string): boolean {
    const now = performance.now();
    if (now - (this.lastLine.get(source) ?? -PACE_MS) < PACE_MS) return false;
    if (this.lastLine.size >= MAX_SOURCES) this.lastLine.clear();
    this.lastLine.set(source, now);
    return true;
  }
}
