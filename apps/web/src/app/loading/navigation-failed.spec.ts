import { Component, ErrorHandler } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withNavigationErrorHandler, withRouterConfig } from '@angular/router';
import { provideFakeEvents } from '../live/provide-fake-events';
import { ToastStore } from '../toasts/toast-store';
import { navigationFailed } from './navigation-failed';

@Component({ template: '' })
class Page {}

describe('navigationFailed', () => {
  const handled: unknown[] = [];
  let failure: Error | undefined;

  beforeEach(() => {
    handled.length = 0;
    failure = new TypeError('Failed to fetch dynamically imported module: http://127.0.0.1:5000/chunk-A.js');
    const loadComponent = (): Promise<typeof Page> => (failure ? Promise.reject(failure) : Promise.resolve(Page));
    TestBed.configureTestingModule({
      providers: [
        provideFakeEvents([]),
        provideRouter(
          [{ path: 'files', loadComponent }],
          withNavigationErrorHandler(navigationFailed),
          withRouterConfig({ resolveNavigationPromiseOnError: true }),
        ),
        { provide: ErrorHandler, useValue: { handleError: (error: unknown) => handled.push(error) } },
      ],
    });
  });

  it('says that the node does not answer, stays where it is, and opens the page on the next try', async () => {
    const router = TestBed.inject(Router);
    const toasts = TestBed.inject(ToastStore);
    await router.navigateByUrl('/files');
    expect(router.url).toBe('/');
    const [toast] = toasts.toasts();
    expect(toast?.text).toBe('This page could not be loaded: the node does not answer. Try again when it is back.');
    failure = undefined;
    if (toast) toasts.act(toast);
    await router.navigateByUrl('/files');
    expect(router.url).toBe('/files');
    expect(toasts.toasts()).toEqual([]);
    expect(handled).toEqual([]);
  });

  it('does not blame the node for a fault of the page', async () => {
    failure = new Error('a fault');
    await TestBed.inject(Router).navigateByUrl('/files');
    expect(handled).toEqual([failure]);
    expect(TestBed.inject(ToastStore).toasts()[0]?.text).toMatch(/could not be opened/);
  });
});
