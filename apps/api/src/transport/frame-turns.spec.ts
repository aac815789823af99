import { FramePool } from './frame-pool';
import { FrameTurns } from './frame-turns';

const CAPACITY = 4_096;

describe('frame turns', () => {
  const twoFrames = (): FrameTurns => new FrameTurns(2 * CAPACITY, new FramePool());

  it('grants at once while there is room', async () => {
    const turns = twoFrames();

    await turns.take({}, CAPACITY);
    await turns.take({}, CAPACITY);

    expect(turns.usedBytes).toBe(2 * CAPACITY);
  });

  it('gives streams turns, one frame each, whoever asked more often', async () => {
    const turns = twoFrames();
    const held = [await turns.take({}, CAPACITY), await turns.take({}, CAPACITY)];
    const order: string[] = [];
    const ask = (stream: { name: string }): Promise<void> =>
      turns.take(stream, CAPACITY).then((buffer) => {
        order.push(stream.name);
        turns.give(buffer);
      });
    const [greedy, modest] = [{ name: 'greedy' }, { name: 'modest' }];

    const asked = [ask(greedy), ask(greedy), ask(greedy), ask(modest), ask(modest)];
    held.forEach((buffer) => turns.give(buffer));
    await Promise.all(asked);

    expect(order).toEqual(['greedy', 'modest', 'greedy', 'modest', 'greedy']);
    expect(turns.usedBytes).toBe(0);
    expect(turns.peakBytes).toBe(2 * CAPACITY);
  });

  it('refuses what a stream waits for when it leaves, and serves the others', async () => {
    const turns = twoFrames();
    const held = await turns.take({}, 2 * CAPACITY);
    const leaving = {};
    const refused = turns.take(leaving, CAPACITY);
    const served = turns.take({}, CAPACITY);

    turns.leave(leaving, new Error('cancelled'));
    turns.give(held);

    await expect(refused).rejects.toThrow('cancelled');
    await expect(served).resolves.toHaveLength(CAPACITY);
  });

  it('uses buffers again, but never one that may still be written', async () => {
    const turns = twoFrames();
    const first = await turns.take({}, CAPACITY);
    turns.give(first);
    const second = await turns.take({}, CAPACITY);
    turns.forget(second);

    expect(second).toBe(first);
    expect(await turns.take({}, CAPACITY)).not.toBe(first);
  });
});
