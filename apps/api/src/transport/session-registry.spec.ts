import { duplexPair } from 'node:stream';
import { MAX_SESSIONS_PER_DEVICE, MAX_STRANGERS_PER_ADDRESS } from '@ferry/protocol';
import { PeerSession } from './peer-session';
import { SessionRegistry } from './session-registry';
import { MemoryHost } from './testing/campaign/memory-link';
import { helloFrame, RawPeer } from './testing/raw-peer';
import { linkDevices, newIdentity, TestDevice } from './testing/test-device';
import { clientOptions } from './tls-options';

describe('two devices that dial each other', () => {
  const deadlines = { retireMs: 20 };

  it('keep one session, the same on both sides, and lose no request', async () => {
    const handlers = { 'test.echo': (data: unknown) => data };
    const [one, two] = [
      await TestDevice.start({ deadlines, handlers }),
      await TestDevice.start({ deadlines, handlers }),
    ];
    const [small, big] = one.id < two.id ? [one, two] : [two, one];

    const [kept, lost] = await Promise.all([small.dial(big), big.dial(small)]);
    const answers = [kept.request('test.echo', 'kept'), lost.request('test.echo', 'lost')];

    await expect(Promise.all(answers)).resolves.toEqual(['kept', 'lost']);
    await lost.gone;
    expect(kept.isOpen).toBe(true);
    expect(small.transport.sessionOf(big.id)).toBe(kept);
    expect(big.transport.sessionOf(small.id)?.isDialler).toBe(false);
    await Promise.all([small.stop(), big.stop()]);
  });

  it('replace an older session of the same dialler by the newer', async () => {
    const {
      dialler,
      listener,
      near: older,
      stop,
    } = await linkDevices({ dialler: { deadlines }, listener: { deadlines } });

    const newer = await dialler.dial(listener);

    expect(dialler.transport.sessionOf(listener.id)).toBe(newer);
    await older.gone;
    expect(newer.isOpen).toBe(true);
    await stop();
  });

  it('keep an older session as long as it is held', async () => {
    const {
      dialler,
      listener,
      near: held,
      stop,
    } = await linkDevices({ dialler: { deadlines }, listener: { deadlines } });
    const release = held.hold();

    const [second] = [await dialler.dial(listener), await dialler.dial(listener)];

    await second.gone;
    expect(held.isOpen).toBe(true);
    release();
    await held.gone;
    await stop();
  });

  it('give up an older session that has died without a word', async () => {
    const identity = await newIdentity();
    const device = await TestDevice.start({ deadlines: { verifyMs: 100 } });
    const dead = await RawPeer.connect(device, clientOptions(identity));
    dead.send(helloFrame());
    const older = await device.nextSession();
    const restarted = await TestDevice.start({ identity });

    await restarted.dial(device);

    const newer = await device.nextSession();
    await older.gone;
    expect(device.transport.sessionOf(identity.deviceId)).toBe(newer);
    expect(newer.isOpen).toBe(true);
    await Promise.all([device.stop(), restarted.stop()]);
  });

  it('have four sessions at most', async () => {
    const { dialler, listener, stop } = await linkDevices();
    for (let count = 1; count < MAX_SESSIONS_PER_DEVICE; count++) await dialler.dial(listener);

    await expect(dialler.dial(listener)).rejects.toMatchObject({ code: 'REMOTE', remoteCode: 'BUSY' });
    expect(listener.transport.sessionOf(dialler.id)?.isOpen).toBe(true);
    await stop();
  });

  it('lose all their sessions when one side closes them', async () => {
    const { dialler, listener, near, stop } = await linkDevices();
    const second = await dialler.dial(listener);

    listener.transport.closeSessions(dialler.id);

    await Promise.all([near.gone, second.gone]);
    expect(dialler.transport.sessionOf(listener.id)).toBeUndefined();
    await stop();
  });
});

describe('a device with as many sessions as it can have', () => {
  let host: MemoryHost;
  const open: PeerSession[] = [];
  const registry = (paired: readonly string[]): SessionRegistry =>
    new SessionRegistry('own', 1_000, (id) => paired.includes(id), 3);

  beforeEach(() => {
    host = new MemoryHost('here', () => Promise.resolve(null));
  });
  afterEach(() => open.splice(0).forEach((session) => session.close()));

  const session = (peerId: string, isDialler = false): PeerSession => {
    const made = new PeerSession(duplexPair()[0], { peerId, isDialler, remoteAddress: '127.0.0.1:1' }, host);
    open.push(made);
    return made;
  };
  const fill = (sessions: SessionRegistry, ...peerIds: string[]): void => {
    for (const each of peerIds.map((peerId) => session(peerId))) {
      sessions.admit(each);
      sessions.add(each);
    }
  };

  it('closes that of a stranger for a paired device, and for one that it dials', () => {
    const sessions = registry(['paired', 'also paired']);
    fill(sessions, 'stranger 1', 'also paired', 'stranger 2');

    sessions.admit(session('paired'));
    expect(sessions.sessionsOf('stranger 1')).toEqual([]);
    expect(sessions.size).toBe(2);
    fill(sessions, 'paired');

    sessions.admit(session('stranger that the user pairs with', true));
    expect(sessions.sessionsOf('stranger 2')).toEqual([]);
  });

  it('leaves the stranger that somebody waits for', () => {
    const sessions = registry(['paired']);
    fill(sessions, 'stranger 1', 'stranger 2', 'stranger 3');
    sessions.sessionsOf('stranger 1')[0]?.hold();
    sessions.admit(session('paired'));
    expect(sessions.sessionsOf('stranger 1')).toHaveLength(1);
    expect(sessions.sessionsOf('stranger 2')).toEqual([]);
  });

  it('takes so many strangers of one address and no more, though there is room', () => {
    const sessions = new SessionRegistry('own', 1_000, (id) => id === 'paired');
    fill(sessions, ...Array.from({ length: MAX_STRANGERS_PER_ADDRESS }, (_, index) => `stranger ${index}`));
    expect(() => sessions.admit(session('one more'))).toThrow(expect.objectContaining({ code: 'BUSY' }));
    expect(() => sessions.admit(session('paired'))).not.toThrow();
    expect(() => sessions.admit(session('dialled by us', true))).not.toThrow();
  });

  it('refuses one more stranger', () => {
    const sessions = registry(['paired']);
    fill(sessions, 'stranger 1', 'stranger 2', 'paired');
    expect(() => sessions.admit(session('stranger 3'))).toThrow(expect.objectContaining({ code: 'BUSY' }));
    expect(sessions.size).toBe(3);
  });

  it('refuses a paired device when all others are paired', () => {
    const sessions = registry(['a', 'b', 'c', 'd']);
    fill(sessions, 'a', 'b', 'c');
    expect(() => sessions.admit(session('d'))).toThrow(expect.objectContaining({ code: 'BUSY' }));
  });
});
