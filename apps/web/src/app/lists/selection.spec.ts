import { Selection } from './selection';

const item = (id: string, size = 1) => ({ id, size });
const [A, B, C] = [item('a', 5), item('b', 7), item('c')];

describe('Selection', () => {
  it('counts what is chosen, and its bytes', () => {
    const selection = new Selection<typeof A>();
    selection.toggle(A);
    selection.add([A, B]);
    expect([selection.count(), selection.bytes()]).toEqual([2, 12]);
    selection.toggle(A);
    expect(selection.items()).toEqual([B]);
  });

  it('chooses all that is shown, and then nothing', () => {
    const selection = new Selection<typeof A>();
    expect(selection.hasAll([])).toBe(false);
    selection.add([C]);
    selection.toggleAll([A, B]);
    expect(selection.count()).toBe(3);
    selection.toggleAll([A, B]);
    expect(selection.count()).toBe(0);
  });

  it('follows changes and removals of what is chosen, and of nothing else', () => {
    const selection = new Selection<typeof A>();
    selection.add([A, B]);
    selection.replace([item('a', 100), C]);
    selection.remove(['b', 'unknown']);
    expect(selection.items()).toEqual([item('a', 100)]);
  });
});
