import { DOCUMENT, DestroyRef, Injectable, inject, signal } from '@angular/core';

export const THEMES = ['dark', 'light', 'auto'] as const;
export type Theme = (typeof THEMES)[number];

/** The same key as in public/theme.js, which sets the theme before the first paint. */
const STORAGE_KEY = 'ferry.theme';

@Injectable({ providedIn: 'root' })
export class ThemeStore {
  private readonly document = inject(DOCUMENT);
  private readonly prefersLight = this.document.defaultView?.matchMedia?.('(prefers-color-scheme: light)');
  private readonly choice = signal<Theme>(this.read());

  readonly theme = this.choice.asReadonly();

  constructor() {
    const follow = (): void => this.apply();
    this.prefersLight?.addEventListener('change', follow);
    inject(DestroyRef).onDestroy(() => this.prefersLight?.removeEventListener('change', follow));
  }

  choose(theme: Theme): void {
    this.choice.set(theme);
    this.apply();
    try {
      this.document.defaultView?.localStorage.setItem(STORAGE_KEY, theme);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // storage is blocked: the choice lasts as long as the page
    }
  }

  private apply(): void {
    const theme = this.choice();
    const light = theme === 'light' || (theme === 'auto' && this.prefersLight?.matches === true);
    this.document.documentElement.dataset['bsTheme'] = light ? 'light' : 'dark';
  }

  private read(): Theme {
    try {
      const stored = this.document.defaultView?.localStorage.getItem(STORAGE_KEY);
      return THEMES.find((theme) => theme === stored) ?? 'dark';
    } catch (error) {
      if (error instanceof DOMException) return 'dark';
      throw error;
    }
  }
}
