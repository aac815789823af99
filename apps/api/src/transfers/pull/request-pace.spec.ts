import { RequestPace } from './request-pace';

const never = new AbortController().signal;
const PLENTY = 1_000;

/** Asks as long as it may. @returns the sizes of the requests. */
async function ask(pace: RequestPace): Promise<number[]> {
  const sizes: number[] = [];
  for (;;) {
    const controller = new AbortController();
    const taken = pace.take(PLENTY, controller.signal);
    const count = await Promise.race([
      taken,
      new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
    ]);
    if (count === undefined) {
      controller.abort();
      await expect(taken).rejects.toMatchObject({ name: 'AbortError' });
      return sizes;
    }
    sizes.push(count);
  }
}

describe('RequestPace', () => {
  it('begins with one request and opens the whole window while answers come fast', async () => {
    const pace = new RequestPace();
    expect(await ask(pace)).toEqual([4]);
    pace.answered(4, 10);
    expect(await ask(pace)).toEqual([4, 4]);
    pace.answered(4, 10);
    pace.answered(4, 10);
    expect(await ask(pace)).toEqual([4, 4, 4, 4]);
    pace.answered(4, 10);
    expect(await ask(pace)).toEqual([4]);
  });

  it('goes down to one block when answers come slowly, and never to none', async () => {
    const pace = new RequestPace();
    for (const size of [4, 2, 1, 1]) {
      expect(await ask(pace)).toEqual([size]);
      pace.answered(size, 3_000);
    }
  });

  it('stays as it is in between, and after a failure', async () => {
    const pace = new RequestPace();
    expect(await ask(pace)).toEqual([4]);
    pace.answered(4, 700);
    expect(await ask(pace)).toEqual([4]);
    pace.answered(4);
    expect(await ask(pace)).toEqual([4]);
  });

  it('lets small requests of several files share the window', async () => {
    const pace = new RequestPace();
    const taken = await Promise.all([1, 1, 2].map((wanted) => pace.take(wanted, never)));
    expect(taken).toEqual([1, 1, 2]);
    expect(await ask(pace)).toEqual([]);
  });

  it('serves those who wait in their order', async () => {
    const pace = new RequestPace();
    await pace.take(4, never);
    const order: string[] = [];
    const first = pace.take(4, never).then(() => order.push('first'));
    const second = pace.take(1, never).then(() => order.push('second'));
    pace.answered(4, 10);
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });
});
