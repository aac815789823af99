import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Injectable, inject, signal } from '@angular/core';
import { shownName } from '../format/shown-name';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'success' | 'danger';
  readonly action?: ToastAction;
}

const SHOWN_MS = 6000;
/** Long enough to change one's mind. */
const SHOWN_WITH_ACTION_MS = 10_000;

/** Short messages in the corner, also spoken to screen readers. */
@Injectable({ providedIn: 'root' })
export class ToastStore {
  private readonly announcer = inject(LiveAnnouncer);
  private readonly list = signal<readonly Toast[]>([]);
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private readonly closings = new Map<number, () => void>();
  private lastId = 0;

  readonly toasts = this.list.asReadonly();

  success(text: string, action?: ToastAction): void {
    this.show({ text, tone: 'success', action });
  }

  danger(text: string, action?: ToastAction): void {
    this.show({ text, tone: 'danger', action });
  }

  /** Shows a message whose deed is done only when it goes away without the action: `done` runs then. */
  undoable(text: string, undo: () => void, done: () => void): void {
    let undone = false;
    const run = (): void => {
      undone = true;
      undo();
    };
    const id = this.show({ text, tone: 'success', action: { label: 'Undo', run } });
    this.closings.set(id, () => {
      if (!undone) done();
    });
  }

  act(toast: Toast): void {
    toast.action?.run();
    this.dismiss(toast.id);
  }

  dismiss(id: number): void {
    this.hold(id);
    this.list.update((toasts) => toasts.filter((toast) => toast.id !== id));
    const closing = this.closings.get(id);
    this.closings.delete(id);
    closing?.();
  }

  /** Keeps a toast while the pointer or the focus is on it. */
  hold(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  release(toast: Toast): void {
    this.hold(toast.id);
    const shownMs = toast.action || toast.tone === 'danger' ? SHOWN_WITH_ACTION_MS : SHOWN_MS;
    this.timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), shownMs),
    );
  }

  private show(content: Omit<Toast, 'id'>): number {
    const toast = { id: ++this.lastId, ...content, text: shownName(content.text) }; // it may hold names of files
    this.list.update((toasts) => [...toasts, toast]);
    this.release(toast);
    void this.announcer.announce(toast.text, toast.tone === 'danger' ? 'assertive' : 'polite');
    return toast.id;
  }
}
