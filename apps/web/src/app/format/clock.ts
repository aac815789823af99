import { DestroyRef, Injectable, inject, signal } from '@angular/core';

const TICK_MS = 15_000;

/** The time as a signal, for texts such as "5 min ago". Moves every 15 seconds and asks nobody. */
@Injectable({ providedIn: 'root' })
export class Clock {
  private readonly time = signal(Date.now());

  readonly now = this.time.asReadonly();

  constructor() {
    const timer = setInterval(() => this.time.set(Date.now()), TICK_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
