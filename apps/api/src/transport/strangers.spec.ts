import {
  encodeFrame,
  FrameType,
  MAX_STRANGER_BYTES_PER_SECOND,
  MAX_STRANGER_REQUEST_BYTES,
  MAX_STRANGER_REQUESTS,
} from '@ferry/protocol';
import { helloFrame, RawPeer, rawFrame, requestBytes } from './testing/raw-peer';
import { TestDevice } from './testing/test-device';

describe('a device that is not paired', () => {
  let device: TestDevice;
  let stranger: RawPeer;

  beforeEach(async () => {
    device = await TestDevice.start({
      handlers: { 'pair.test': (data) => data, 'pair.wait': () => new Promise(() => undefined) },
    });
    device.transport.useTrust(() => false);
    stranger = await RawPeer.greet(device);
  });
  afterEach(async () => {
    stranger.socket.destroy();
    await device.stop();
  });

  const code = (): unknown => (stranger.lastMessage()?.value as { name?: string }).name;

  it('sends events that nobody reads, even what is no message', async () => {
    stranger.send(rawFrame({ type: FrameType.EVENT }, Buffer.from('this is not JSON')));
    stranger.send(requestBytes(3, 'pair.test', 'still there'));
    await stranger.frameCount(2);
    expect(stranger.lastMessage()).toMatchObject({ stream: 3, value: 'still there' });
  });

  it('may ask for pairing in a few words only', async () => {
    stranger.send(requestBytes(3, 'pair.test', 'x'.repeat(MAX_STRANGER_REQUEST_BYTES - 100)));
    await stranger.frameCount(2);
    stranger.send(requestBytes(5, 'pair.test', 'x'.repeat(MAX_STRANGER_REQUEST_BYTES)));
    await stranger.closed;
    expect(code()).toBe('FRAME_TOO_LARGE');
  });

  it('has few requests open at a time', async () => {
    const waiting = Array.from({ length: MAX_STRANGER_REQUESTS + 1 }, (_, index) =>
      requestBytes(3 + 2 * index, 'pair.wait'),
    );
    stranger.send(Buffer.concat(waiting));
    await stranger.closed;
    expect(stranger.frames.some(({ header }) => header.type === FrameType.ERROR && header.stream === 0)).toBe(true);
    expect(code()).toBe('TOO_MANY_REQUESTS');
  });

  it('loses its session when it sends without end', async () => {
    const event = encodeFrame({ type: FrameType.EVENT, flags: 0, stream: 0 }, Buffer.alloc(60_000, 'x'));
    for (let sent = 0; sent <= 2 * MAX_STRANGER_BYTES_PER_SECOND; sent += event.length) stranger.send(event);
    await stranger.closed;
    expect(code()).toBe('TOO_MANY_REQUESTS');
  });
});

describe('a dialler that says hello on another stream than the first', () => {
  it('is refused', async () => {
    const device = await TestDevice.start();
    const peer = await RawPeer.connect(device);
    const hello = helloFrame();
    hello[11] = 3;
    peer.send(hello);
    await peer.closed;
    expect(peer.lastMessage()?.value).toMatchObject({ name: 'UNEXPECTED_MESSAGE' });
    await device.stop();
  });
});
