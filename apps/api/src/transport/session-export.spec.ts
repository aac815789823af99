import { linkDevices } from './testing/test-device';

const LABEL = 'EXPORTER-ferry/1 test';

describe('the exported key of a session', () => {
  it('is the same at both ends, and another one for another label', async () => {
    const { near, far, stop } = await linkDevices();
    expect(near.exportKey(32, LABEL)).toHaveLength(32);
    expect(near.exportKey(32, LABEL)).toEqual(far.exportKey(32, LABEL));
    expect(near.exportKey(32, LABEL)).not.toEqual(near.exportKey(32, `${LABEL} 2`));
    await stop();
  });

  it('is another one in the next session of the same two devices', async () => {
    const { dialler, listener, near, stop } = await linkDevices();
    const next = await dialler.dial(listener);
    expect(next.exportKey(32, LABEL)).not.toEqual(near.exportKey(32, LABEL));
    await stop();
  });

  it('cannot be had once the session is over', async () => {
    const { near, stop } = await linkDevices();
    near.close();
    expect(() => near.exportKey(32, LABEL)).toThrow(expect.objectContaining({ code: 'SESSION_CLOSED' }));
    await stop();
  });
});
