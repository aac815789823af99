export interface Coalesced {
  /** Runs the work at once, or when the interval since the last run is over. */
  (): void;
  /** Drops a run that is still waiting. */
  stop(): void;
}

/** Lets `work` run at most once in `intervalMs`, however often it is asked for; the last request is never lost. */
export function coalesce(work: () => void, intervalMs: number): Coalesced {
  let timer: NodeJS.Timeout | undefined;
  let isWanted = false;

  const run = (): void => {
    isWanted = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (isWanted) run();
    }, intervalMs).unref();
    work();
  };
  const request = (): void => {
    if (timer) isWanted = true;
    else run();
  };
  return Object.assign(request, {
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
      isWanted = false;
    },
  });
}
