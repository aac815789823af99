import { Observable } from 'rxjs';

/** At the latest after so long, also on a busy page. */
const PATIENCE_MS = 2000;

/** Emits once, when the browser has painted and is idle. */
export function whenIdle(): Observable<void> {
  return new Observable((subscriber) => {
    const go = (): void => {
      subscriber.next();
      subscriber.complete();
    };
    // Safari has no requestIdleCallback.
    if (typeof requestIdleCallback === 'undefined') {
      const timer = setTimeout(go, 0);
      return () => clearTimeout(timer);
    }
    const handle = requestIdleCallback(go, { timeout: PATIENCE_MS });
    return () => cancelIdleCallback(handle);
  });
}
