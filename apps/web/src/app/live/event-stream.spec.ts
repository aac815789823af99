import { TestBed } from '@angular/core/testing';
import { EventStream } from './event-stream';
import type { FakeEventSource } from './fake-event-source';
import { provideFakeEvents } from './provide-fake-events';

describe('EventStream', () => {
  let opened: FakeEventSource[];
  let stream: EventStream;
  let resyncs: number;

  const last = (): FakeEventSource => {
    const source = opened.at(-1);
    if (!source) throw new Error('no stream was opened');
    return source;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    // jsdom has no EventSource; only its constant is used
    Object.assign(globalThis, { EventSource: { CLOSED: 2 } });
    opened = [];
    resyncs = 0;
    TestBed.configureTestingModule({ providers: provideFakeEvents(opened) });
    stream = TestBed.inject(EventStream);
    stream.on('resync', () => resyncs++);
    stream.connect();
  });

  afterEach(() => {
    stream.stop();
    jest.useRealTimers();
  });

  it('is live after the hello of the node, and asks the stores to read once more', () => {
    expect(stream.state()).toBe('connecting');
    last().hello();
    expect(stream.state()).toBe('live');
    expect(resyncs).toBe(1);
    expect(last().url).toBe('/api/v1/events');
  });

  it('hands events to their listeners until they stop listening', () => {
    const removed: string[] = [];
    const stop = stream.on('peers.removed', ({ id }) => removed.push(id));
    last().send('peers.removed', { id: 'A' });
    stop();
    last().send('peers.removed', { id: 'B' });
    expect(removed).toEqual(['A']);
  });

  it('lets the browser reconnect, and reads nothing again when the node replays', () => {
    last().hello();
    last().fail(false);
    expect(stream.state()).toBe('reconnecting');
    last().hello();
    expect(stream.state()).toBe('live');
    expect([opened.length, resyncs]).toEqual([1, 1]);
  });

  it('asks for a resync when the node was started anew', () => {
    last().hello('e1');
    last().fail(false);
    last().hello('e2');
    expect(resyncs).toBe(2);
  });

  it('opens a new stream when the browser gave up, later each time, and asks for a resync', () => {
    last().hello();
    last().fail(true);
    jest.advanceTimersByTime(1000);
    expect(opened).toHaveLength(2);
    last().fail(true);
    jest.advanceTimersByTime(1000);
    expect(opened).toHaveLength(2);
    jest.advanceTimersByTime(1000);
    expect(opened).toHaveLength(3);
    last().hello();
    expect(resyncs).toBe(2);
  });

  it('calls itself offline after a while, and connects at once when told to', () => {
    last().fail(false);
    jest.advanceTimersByTime(8000);
    expect(stream.state()).toBe('offline');
    stream.connect();
    expect(opened).toHaveLength(2);
    last().hello();
    expect(stream.state()).toBe('live');
  });

  it('passes a resync of the node on', () => {
    last().hello();
    last().send('resync', {});
    expect(resyncs).toBe(2);
  });
});
