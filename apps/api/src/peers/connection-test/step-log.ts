import type { ConnectionStep, ConnectionStepResult } from '@ferry/protocol';

/** The steps of one connection test: each takes from the end of the one before to its own. */
export class StepLog {
  private readonly taken: ConnectionStepResult[] = [];
  private startedAt = performance.now();

  get steps(): readonly ConnectionStepResult[] {
    return this.taken;
  }

  /** The step that failed; it is the last. */
  get failure(): ConnectionStepResult | undefined {
    return this.taken.find(({ ok }) => !ok);
  }

  passed(step: ConnectionStep, detail: string): void {
    this.note(step, true, detail);
  }

  failed(step: ConnectionStep, detail: string): void {
    this.note(step, false, detail);
  }

  private note(step: ConnectionStep, ok: boolean, detail: string): void {
    const now = performance.now();
    this.taken.push({ step, ok, ms: Math.round((now - this.startedAt) * 10) / 10, detail });
    this.startedAt = now;
  }
}
