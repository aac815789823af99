import { InjectionToken } from '@angular/core';

export type EventSourceFactory = (url: string) => EventSource;

/** How a stream of server-sent events is opened; tests put their own in its place. */
export const EVENT_SOURCE_FACTORY = new InjectionToken<EventSourceFactory>('EventSource factory', {
  providedIn: 'root',
  factory: () => (url) => new EventSource(url),
});
