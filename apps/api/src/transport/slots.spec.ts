import { Slots } from './slots';

describe('slots', () => {
  it('let so many in, and others in the order in which they came', async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    await slots.take();
    const waiting = ['first', 'second'].map((name) => slots.take().then(() => order.push(name)));

    slots.give();
    slots.give();
    await Promise.all(waiting);

    expect(order).toEqual(['first', 'second']);
  });

  it('are not lost when one who waits gives up', async () => {
    const slots = new Slots(1);
    await slots.take();
    const abort = new AbortController();
    const impatient = slots.take(abort.signal);
    const patient = slots.take();

    abort.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    slots.give();

    await expect(patient).resolves.toBeUndefined();
  });
});
