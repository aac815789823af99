import { visibilityLabel } from './visibility-label';

const label = (entry: Parameters<typeof visibilityLabel>[0]): string => visibilityLabel(entry, (id) => `${id}!`).text;

describe('visibilityLabel', () => {
  it('says who may see a file', () => {
    expect(label({ visibility: 'all-paired' })).toBe('All paired');
    expect(label({ visibility: 'none' })).toBe('Nobody');
    expect(label({ visibility: 'chosen', visibleTo: ['kim'] })).toBe('kim!');
    expect(label({ visibility: 'chosen', visibleTo: ['kim', 'maple', 'pixel'] })).toBe('3 peers');
  });

  it('says nobody when the last chosen peer was removed', () => {
    expect(label({ visibility: 'chosen', visibleTo: [] })).toBe('Nobody');
    expect(label({ visibility: 'chosen' })).toBe('Nobody');
  });
});
