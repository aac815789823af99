import type { Provider } from '@angular/core';
import { EVENT_SOURCE_FACTORY } from './event-source-factory';
import { FakeEventSource } from './fake-event-source';

/** Providers for specs; every opened source is added to `opened`. */
export function provideFakeEvents(opened: FakeEventSource[]): Provider[] {
  const open = (url: string): EventSource => {
    const source = new FakeEventSource(url);
    opened.push(source);
    return source as unknown as EventSource; // the part that EventStream uses
  };
  return [{ provide: EVENT_SOURCE_FACTORY, useValue: open }];
}
