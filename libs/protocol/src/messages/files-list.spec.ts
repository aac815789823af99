import { MAX_CONTROL_BYTES } from '../limits';
import { encodeControl } from './control-json';
import { countFittingEntries, type RemoteEntry } from './files-list';

function entries(count: number, path: string): readonly RemoteEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `entry-${index}`,
    name: 'a.txt',
    path,
    size: index,
    mediaType: 'text/plain',
    modifiedAt: '2026-03-01T12:30:00.000Z',
    kind: 'file',
    state: 'ready',
    fileId: 'ab'.repeat(32),
  }));
}

describe('countFittingEntries', () => {
  it('is all of a short list, and 0 of none', () => {
    expect(countFittingEntries(entries(20, 'a.txt'))).toBe(20);
    expect(countFittingEntries([])).toBe(0);
  });

  it.each(['a.txt', 'ü'.repeat(4_096), '\u0001'.repeat(4_096)])(
    'fills a page that can be sent, with a cursor of full length (path %#)',
    (path) => {
      const list = entries(1_000, path);
      const count = countFittingEntries(list);
      const page = { entries: list.slice(0, count), nextCursor: 'c'.repeat(1_024), total: 1_000 };
      const bytes = encodeControl(page).length;
      expect(count).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(MAX_CONTROL_BYTES);
      expect(bytes).toBeGreaterThan(MAX_CONTROL_BYTES / 2);
    },
  );
});
