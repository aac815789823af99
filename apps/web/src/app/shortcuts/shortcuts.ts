import { DOCUMENT, DestroyRef, Injectable, inject } from '@angular/core';
import { Dialogs } from '../dialogs/dialogs';

export interface Shortcut {
  /** One key, or a sequence such as `g`, `f`. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly run: () => void;
}

/** The time to press the second key of a sequence. */
const SEQUENCE_MS = 1200;

/** The one registry of keys: what is registered works and stands in the help sheet. */
@Injectable({ providedIn: 'root' })
export class Shortcuts {
  private readonly document = inject(DOCUMENT);
  private readonly dialogs = inject(Dialogs);
  private readonly registered: Shortcut[] = [];
  private typed: readonly string[] = [];
  private forgetting: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const listen = (event: KeyboardEvent): void => this.press(event);
    this.document.addEventListener('keydown', listen);
    inject(DestroyRef).onDestroy(() => {
      this.document.removeEventListener('keydown', listen);
      clearTimeout(this.forgetting);
    });
  }

  register(...shortcuts: readonly Shortcut[]): void {
    this.registered.push(...shortcuts);
  }

  all(): readonly Shortcut[] {
    return this.registered;
  }

  private press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) || this.dialogs.isOpen()) return;
    const typed = [...this.typed, event.key];
    const hit = this.registered.find(({ keys }) => matches(keys, typed) || matches(keys, [event.key]));
    this.remember(hit ? [] : [event.key]);
    if (!hit) return;
    event.preventDefault();
    hit.run();
  }

  private remember(typed: readonly string[]): void {
    clearTimeout(this.forgetting);
    this.typed = typed;
    this.forgetting = setTimeout(() => (this.typed = []), SEQUENCE_MS);
  }
}

function matches(keys: readonly string[], typed: readonly string[]): boolean {
  return keys.length === typed.length && keys.every((key, index) => key === typed[index]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'))
  );
}
