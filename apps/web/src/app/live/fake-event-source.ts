import type { NodeEventType, NodeEvents } from '@ferry/protocol';

/** Stands for the browser's EventSource in specs: the spec plays the node and the network. */
export class FakeEventSource extends EventTarget {
  onerror: ((event: Event) => void) | null = null;
  readyState = 0;

  constructor(readonly url: string) {
    super();
  }

  send<T extends NodeEventType>(type: T, data: NodeEvents[T]): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify({ at: '2026-05-10T12:00:00Z', data }) }));
  }

  hello(epoch = 'e1'): void {
    this.readyState = 1;
    this.send('node.hello', { epoch, version: '0.1.0' });
  }

  /** @param final the browser gives up, as after an HTTP error; otherwise it tries again by itself. */
  fail(final: boolean): void {
    this.readyState = final ? 2 : 0;
    this.onerror?.(new Event('error'));
  }

  close(): void {
    this.readyState = 2;
  }
}
