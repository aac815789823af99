import { Logger } from '@nestjs/common';

/** Functions to be called when something happens. One that throws is logged and does not keep the others from it. */
export class Listeners<Args extends readonly unknown[]> {
  private readonly listeners = new Set<(...args: Args) => void>();

  constructor(private readonly logger: Logger) {}

  /** @returns the way to end the subscription. */
  add(listener: (...args: Args) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  call(...args: Args): void {
    for (const listener of this.listeners) {
      try {
        listener(...args);
      } catch (error) {
        this.logger.error({ err: error }, 'a listener failed');
      }
    }
  }
}
