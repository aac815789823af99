import { TestBed } from '@angular/core/testing';
import { Shortcuts } from './shortcuts';

const press = (key: string, target: EventTarget = document.body): boolean =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

describe('Shortcuts', () => {
  let done: string[];

  beforeEach(() => {
    done = [];
    TestBed.inject(Shortcuts).register(
      { keys: ['g', 'p'], label: 'Go to peers', run: () => done.push('peers') },
      { keys: ['p'], label: 'Pair', run: () => done.push('pair') },
    );
  });

  it('runs a single key and a sequence', () => {
    press('p');
    press('g');
    press('p');
    expect(done).toEqual(['pair', 'peers']);
  });

  it('leaves keys alone that are typed into a field', () => {
    const field = document.body.appendChild(document.createElement('input'));
    press('p', field);
    field.remove();
    expect(done).toEqual([]);
  });

  it('leaves keys alone that come with Ctrl', () => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'p', ctrlKey: true, bubbles: true }));
    expect(done).toEqual([]);
  });
});
