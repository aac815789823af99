import { TestBed } from '@angular/core/testing';
import { ThemeStore } from './theme-store';

describe('ThemeStore', () => {
  beforeEach(() => localStorage.clear());

  it('is dark until the user chooses', () => {
    expect(TestBed.inject(ThemeStore).theme()).toBe('dark');
  });

  it('applies a choice at once and keeps it for the next visit', () => {
    TestBed.inject(ThemeStore).choose('light');
    expect(document.documentElement.dataset['bsTheme']).toBe('light');
    TestBed.resetTestingModule();
    expect(TestBed.inject(ThemeStore).theme()).toBe('light');
  });

  it('ignores a stored word that is no theme', () => {
    localStorage.setItem('ferry.theme', 'pink');
    expect(TestBed.inject(ThemeStore).theme()).toBe('dark');
  });
});
