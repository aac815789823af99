import { TestBed } from '@angular/core/testing';
import { ToastStore } from './toast-store';

describe('ToastStore', () => {
  let store: ToastStore;

  beforeEach(() => {
    jest.useFakeTimers();
    store = TestBed.inject(ToastStore);
  });

  afterEach(() => jest.useRealTimers());

  it('takes a message away after a while, one with an action later', () => {
    store.success('Copied');
    store.success('Deleted', { label: 'Undo', run: () => undefined });
    jest.advanceTimersByTime(6000);
    expect(store.toasts().map(({ text }) => text)).toEqual(['Deleted']);
    jest.advanceTimersByTime(4000);
    expect(store.toasts()).toEqual([]);
  });

  it('keeps a message that is held', () => {
    store.danger('Failed');
    const [toast] = store.toasts();
    if (!toast) throw new Error('no toast');
    store.hold(toast.id);
    jest.advanceTimersByTime(60_000);
    expect(store.toasts()).toHaveLength(1);
    store.release(toast);
    jest.advanceTimersByTime(10_000);
    expect(store.toasts()).toHaveLength(0);
  });

  it('does an undoable deed only when it was not undone', () => {
    const deeds: string[] = [];
    store.undoable(
      'Cleared',
      () => deeds.push('undo 1'),
      () => deeds.push('done 1'),
    );
    store.undoable(
      'Cleared',
      () => deeds.push('undo 2'),
      () => deeds.push('done 2'),
    );
    const [first] = store.toasts();
    if (!first) throw new Error('no toast');
    store.act(first);
    jest.advanceTimersByTime(10_000);
    expect(deeds).toEqual(['undo 1', 'done 2']);
  });
});
