import { DestroyRef, type Signal, computed, inject, signal } from '@angular/core';

/**
 * Seconds until a moment, never below 0, moving every second; for countdowns.
 * To be called where `inject` may be.
 * @param until ISO 8601; undefined counts as over.
 */
export function secondsLeft(until: () => string | undefined): Signal<number> {
  const now = signal(Date.now());
  const timer = setInterval(() => now.set(Date.now()), 1000);
  inject(DestroyRef).onDestroy(() => clearInterval(timer));
  return computed(() => {
    const moment = until();
    const from = Math.max(now(), Date.now()); // a moment that is set between two ticks
    return moment === undefined ? 0 : Math.max(0, (Date.parse(moment) - from) / 1000);
  });
}
