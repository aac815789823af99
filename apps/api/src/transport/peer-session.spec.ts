import { ProtocolError } from '@ferry/protocol';
import { linkDevices, type Link } from './testing/test-device';

describe('a session', () => {
  let link: Link;
  afterEach(() => link.stop());

  it('tells each side who the other is and what it is called', async () => {
    link = await linkDevices();
    const { near, far, dialler, listener } = link;

    expect(near).toMatchObject({ peerId: listener.id, isDialler: true, isOpen: true, remoteAddress: listener.address });
    expect(far).toMatchObject({ peerId: dialler.id, isDialler: false, isOpen: true });
    expect(near.remoteHello).toEqual({ protocol: 1, name: 'listener', features: [], port: listener.transport.port });
    expect(far.remoteHello).toEqual({ protocol: 1, name: 'dialler', features: [], port: dialler.transport.port });
    expect(dialler.transport.sessionOf(listener.id)).toBe(near);
    expect(listener.transport.sessionOf(dialler.id)).toBe(far);
  });

  it('cleans the name of the other device', async () => {
    link = await linkDevices({ dialler: { name: `\u202Eevil\u001B[31m${'x'.repeat(200)}` } });

    expect(link.far.remoteHello.name).toMatch(/^evil \[31mx+$/);
    expect(link.far.remoteHello.name).toHaveLength(64);
  });

  it('carries requests of both sides, whoever dialled', async () => {
    const handlers = { 'test.double': (data: unknown) => Number(data) * 2 };
    link = await linkDevices({ dialler: { handlers }, listener: { handlers } });

    await expect(link.near.request('test.double', 21)).resolves.toBe(42);
    await expect(link.far.request('test.double', 4)).resolves.toBe(8);
  });

  it('answers more requests at a time than may be outstanding', async () => {
    link = await linkDevices({ listener: { handlers: { 'test.echo': async (data) => data } } });
    const questions = Array.from({ length: 300 }, (_, index) => index);

    await expect(Promise.all(questions.map((q) => link.near.request('test.echo', q)))).resolves.toEqual(questions);
  });

  it('turns a refusal of a handler into an error with its code', async () => {
    link = await linkDevices({
      listener: {
        handlers: {
          'test.refuse': () => {
            throw new ProtocolError('UNKNOWN_FILE', 'no such file');
          },
        },
      },
    });

    const refusal = { code: 'REMOTE', remoteCode: 'UNKNOWN_FILE', message: expect.stringContaining('no such file') };
    await expect(link.near.request('test.refuse', null)).rejects.toMatchObject(refusal);
    expect(link.near.isOpen).toBe(true);
  });

  it('tells nothing of what a broken handler threw', async () => {
    link = await linkDevices({
      listener: {
        handlers: {
          'test.break': () => {
            throw new Error('secret path /home/me');
          },
        },
      },
    });

    const refusal = { code: 'REMOTE', remoteCode: 'INTERNAL', message: expect.not.stringContaining('secret') };
    await expect(link.near.request('test.break', null)).rejects.toMatchObject(refusal);
    expect(link.near.isOpen).toBe(true);
  });

  it('refuses a request that nobody handles and goes on', async () => {
    link = await linkDevices();

    await expect(link.near.request('test.nothing', null)).rejects.toMatchObject({ remoteCode: 'UNKNOWN_PATTERN' });
    await expect(link.near.ping()).resolves.toBeGreaterThan(0);
  });

  it('cancels: the caller hears at once, the handler by its signal, the session goes on', async () => {
    let started: () => void = () => undefined;
    let stopped: (reason: unknown) => void = () => undefined;
    const isStarted = new Promise<void>((resolve) => (started = resolve));
    const isStopped = new Promise<unknown>((resolve) => (stopped = resolve));
    link = await linkDevices({
      listener: {
        handlers: {
          'test.wait': (_data, { signal }) => {
            started();
            return new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => (stopped(signal.reason), reject(signal.reason)));
            });
          },
        },
      },
    });
    const abort = new AbortController();
    const answer = link.near.request('test.wait', null, abort.signal);
    await isStarted;

    abort.abort();

    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await expect(isStopped).resolves.toMatchObject({ name: 'AbortError' });
    await expect(link.near.ping()).resolves.toBeGreaterThan(0);
  });

  it('sends nothing for a request that was aborted before', async () => {
    link = await linkDevices();
    const { bytesOut } = link.near;

    await expect(link.near.request('test.x', null, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(link.near.bytesOut).toBe(bytesOut);
  });

  it('delivers events to listeners', async () => {
    link = await linkDevices();
    const event = new Promise((resolve) =>
      link.listener.transport.onEvent(({ peerId }, { pattern, data }) => resolve({ peerId, pattern, data })),
    );

    link.near.notify('share.changed', { revision: 3 });

    await expect(event).resolves.toEqual({
      peerId: link.dialler.id,
      pattern: 'share.changed',
      data: { revision: 3 },
    });
  });

  it('ends in good order: both sides hear of it, open requests fail', async () => {
    link = await linkDevices({ listener: { handlers: { 'test.wait': () => new Promise(() => undefined) } } });
    const farClosed = new Promise((resolve) => link.far.onClose((error) => resolve(error)));
    const answer = link.near.request('test.wait', null);

    link.near.close();

    await expect(answer).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    await expect(farClosed).resolves.toBeUndefined();
    await expect(link.near.request('test.x', null)).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    await Promise.all([link.near.gone, link.far.gone]);
    expect(link.dialler.transport.sessionOf(link.listener.id)).toBeUndefined();
    expect(link.listener.transport.sessionOf(link.dialler.id)).toBeUndefined();
  });

  it('fails open requests of the other side when the device stops', async () => {
    link = await linkDevices({ listener: { handlers: { 'test.wait': () => new Promise(() => undefined) } } });
    const answer = link.near.request('test.wait', null);

    const stopped = link.listener.stop();

    await expect(answer).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    await stopped;
  });
});

describe('trust', () => {
  let link: Link;
  afterEach(() => link.stop());

  it('gives unpaired devices nothing, and ends their session', async () => {
    const handler = jest.fn();
    link = await linkDevices({ listener: { handlers: { 'files.list': handler } } });
    link.listener.transport.useTrust(() => false);

    await expect(link.near.request('files.list', {})).rejects.toMatchObject({ code: 'NOT_PAIRED' });
    await link.near.gone;
    expect(handler).not.toHaveBeenCalled();
  });

  it('lets unpaired devices ask to pair', async () => {
    link = await linkDevices({ listener: { handlers: { 'pair.claim': (_data, { isPaired }) => ({ isPaired }) } } });
    link.listener.transport.useTrust(() => false);

    await expect(link.near.request('pair.claim', {})).resolves.toEqual({ isPaired: false });
  });

  it('ends with the pairing, in the middle of a session', async () => {
    const paired = new Set<string>();
    link = await linkDevices({ listener: { handlers: { 'test.echo': (data) => data } } });
    link.listener.transport.useTrust((id) => paired.has(id));
    paired.add(link.dialler.id);
    await expect(link.near.request('test.echo', 1)).resolves.toBe(1);

    paired.delete(link.dialler.id);

    await expect(link.near.request('test.echo', 2)).rejects.toMatchObject({ code: 'NOT_PAIRED' });
  });

  it('ignores events of unpaired devices', async () => {
    const heard = jest.fn();
    link = await linkDevices({ listener: { handlers: { 'pair.claim': () => 'ok' } } });
    link.listener.transport.useTrust(() => false);
    link.listener.transport.onEvent(heard);

    link.near.notify('share.changed', {});
    await link.near.request('pair.claim', {}); // comes after the event

    expect(heard).not.toHaveBeenCalled();
  });

  it('needs no trust of the side that only asks', async () => {
    link = await linkDevices({ listener: { handlers: { 'test.echo': (data) => data } } });
    link.dialler.transport.useTrust(() => false);

    await expect(link.near.request('test.echo', 5)).resolves.toBe(5);
  });
});
