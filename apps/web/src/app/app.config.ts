import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { type ApplicationConfig, provideZonelessChangeDetection } from '@angular/core';
import {
  TitleStrategy,
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
  withPreloading,
  withRouterConfig,
} from '@angular/router';
import { routes } from './app.routes';
import { problemInterceptor } from './http/problem-interceptor';
import { navigationFailed } from './loading/navigation-failed';
import { PreloadWhenIdle } from './loading/preload-when-idle';
import { PageTitle } from './shell/page-title';

export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideHttpClient(withInterceptors([problemInterceptor])),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled', anchorScrolling: 'enabled' }),
      withPreloading(PreloadWhenIdle),
      withNavigationErrorHandler(navigationFailed),
      withRouterConfig({ resolveNavigationPromiseOnError: true }), // the handler has told the user already
    ),
    { provide: TitleStrategy, useExisting: PageTitle },
  ],
};
