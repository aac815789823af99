import { saveVisibility } from './save-visibility';

const IDS = Array.from({ length: 10 }, (_, index) => `f${index}`);

describe('saveVisibility', () => {
  it('changes all entries, four at a time', async () => {
    const changed: string[] = [];
    let running = 0;
    let most = 0;
    const result = await saveVisibility(IDS, { visibility: 'none' }, async (id) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
      changed.push(id);
    });
    expect(changed.sort()).toEqual(IDS);
    expect(most).toBe(4);
    expect(result.failed).toEqual([]);
  });

  it('goes on after a failure, and says which entries are not changed', async () => {
    const reason = new Error('gone');
    const result = await saveVisibility(IDS, { visibility: 'none' }, (id) =>
      id === 'f3' ? Promise.reject(reason) : Promise.resolve(),
    );
    expect(result).toEqual({ failed: ['f3'], reason });
  });
});
