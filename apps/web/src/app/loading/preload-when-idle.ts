import { Injectable } from '@angular/core';
import type { PreloadingStrategy, Route } from '@angular/router';
import { type Observable, catchError, of, switchMap } from 'rxjs';
import { whenIdle } from './when-idle';

/**
 * Fetches the code of every page once the first one stands and the browser has nothing else to do: pages open at
 * once, and also while the node is down. What fails is fetched again when it is needed.
 */
@Injectable({ providedIn: 'root' })
export class PreloadWhenIdle implements PreloadingStrategy {
  preload(_route: Route, load: () => Observable<unknown>): Observable<unknown> {
    return whenIdle().pipe(
      switchMap(load),
      catchError(() => of(null)),
    );
  }
}
