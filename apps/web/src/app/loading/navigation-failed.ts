import { inject } from '@angular/core';
import { type NavigationError, Router } from '@angular/router';
import { LoadFailures } from './load-failures';

/** The router's error handler: the page that is shown stays, and the user hears why. */
export function navigationFailed({ error, url }: NavigationError): void {
  const router = inject(Router);
  inject(LoadFailures).report(error, 'page', () => void router.navigateByUrl(url));
}
