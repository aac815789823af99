import { RequestPace } from './request-pace';

const never = new AbortController().signal;

/** Asks as long as it may. @returns the sizes of the requests. */
async function ask(pace: RequestPace): Promise<number[]> {
  const sizes: number[] = [];
  for (;;) {
    const count = await Promise.race([
      pace.next(never),
      new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
    ]);
    if (count === undefined) return sizes;
    pace.asked(count);
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

  it('stops waiting when aborted', async () => {
    const pace = new RequestPace();
    const controller = new AbortController();
    pace.asked(await pace.next(never));
    const waiting = pace.next(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
