/** Runs asynchronous tasks one after the other. */
export class TaskQueue {
  private last: Promise<unknown> = Promise.resolve();

  /** @returns what the task returns, once all tasks before it and it have ended. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined); // its caller hears of the failure
    return result;
  }

  /** Resolves when everything queued so far has ended. */
  async idle(): Promise<void> {
    await this.last;
  }
}
