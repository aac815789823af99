import { BLOCK_BYTES } from '@ferry/protocol';
import { BlockBuffers } from './block-buffers';

const never = new AbortController().signal;

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
}

describe('BlockBuffers', () => {
  it('lends shared memory of one block each', async () => {
    const buffers = await new BlockBuffers(4, 4).acquire({}, 2, never);
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([BLOCK_BYTES, BLOCK_BYTES]);
  });

  it('makes an owner wait beyond its window, and lets another pass', async () => {
    const pool = new BlockBuffers(8, 2);
    const owner = {};
    const [first] = await pool.acquire(owner, 2, never);
    const waiting = pool.acquire(owner, 1, never);
    expect(await isPending(waiting)).toBe(true);
    expect(await pool.acquire({}, 2, never)).toHaveLength(2);
    pool.release(owner, first as SharedArrayBuffer);
    expect(await waiting).toEqual([first]);
  });

  it('never makes more than its limit, and serves the oldest wish first', async () => {
    const pool = new BlockBuffers(2, 2);
    const owner = {};
    const [first, second] = (await pool.acquire(owner, 2, never)) as [SharedArrayBuffer, SharedArrayBuffer];
    const large = pool.acquire({}, 2, never);
    const small = pool.acquire({}, 1, never);
    pool.release(owner, first);
    expect(await isPending(small)).toBe(true);
    pool.release(owner, second);
    expect(new Set(await large)).toEqual(new Set([first, second]));
    expect(await isPending(small)).toBe(true);
  });

  it('forgets a wish whose signal is aborted and serves the next', async () => {
    const pool = new BlockBuffers(1, 1);
    const owner = {};
    const [only] = (await pool.acquire(owner, 1, never)) as [SharedArrayBuffer];
    const controller = new AbortController();
    const given = pool.acquire({}, 1, controller.signal);
    const next = pool.acquire({}, 1, never);
    controller.abort();
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
    pool.release(owner, only);
    expect(await next).toEqual([only]);
  });
});
