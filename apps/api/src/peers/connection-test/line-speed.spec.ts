import { DATA_PREFIX_BYTES, encodeProbePrefix, MAX_PROBE_BYTES } from '@ferry/protocol';
import { DataAnswer } from '../../transport/data-answer';
import type { PeerContext } from '../../transport/peer-context';
import { linkDevices, type Handler, type Link } from '../../transport/testing/test-device';
import { measureSpeed } from './line-speed';
import { ProbePeerController } from './probe.peer-controller';

const probes = new ProbePeerController();
const realProbe: Handler = (data, context: PeerContext) => probes.probe(data, context);

/** Answers with frames whose numbers and sizes are as given, then waits for the end. */
const frames = (...sent: readonly (readonly [number, number])[]): DataAnswer =>
  new DataAnswer(async (writer, signal) => {
    for (const [index, bytes] of sent) {
      const frame = await writer.frame(DATA_PREFIX_BYTES + bytes);
      encodeProbePrefix(index, frame.payload);
      writer.send(frame);
    }
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });

describe('the speed of a line', () => {
  let link: Link;
  afterEach(() => link.stop());
  const linkTo = async (probe?: Handler): Promise<void> => {
    link = await linkDevices({ listener: { handlers: probe ? { 'link.probe': probe } : {} } });
  };

  it('is what comes in a second', async () => {
    await linkTo(realProbe);
    const { bytesPerSecond = 0 } = await measureSpeed(link.near, 2_000);
    expect(bytesPerSecond).toBeGreaterThan(1024 * 1024);
    expect(link.near.bytesIn).toBeGreaterThan(MAX_PROBE_BYTES);
  });

  it('is measured for a time, not to the end, and the session goes on', async () => {
    await linkTo(() => frames([0, 1_000], [1, 2_000]));
    const { bytesPerSecond = 0 } = await measureSpeed(link.near, 200);
    expect(bytesPerSecond).toBeGreaterThan(0);
    await expect(link.near.ping()).resolves.toBeGreaterThan(0);
  });

  it('is not known of a device that does not know the question', async () => {
    await linkTo();
    await expect(measureSpeed(link.near, 2_000)).resolves.toEqual({ reason: expect.stringContaining('older version') });
  });

  it('is measured once at a time', async () => {
    await linkTo(realProbe);
    const both = await Promise.all([measureSpeed(link.near, 2_000), measureSpeed(link.near, 2_000)]);
    expect(both.filter(({ reason }) => reason?.includes('measuring already'))).toHaveLength(1);
    expect(both.filter(({ bytesPerSecond }) => bytesPerSecond !== undefined)).toHaveLength(1);
    await expect(measureSpeed(link.near, 2_000)).resolves.toMatchObject({ bytesPerSecond: expect.any(Number) });
  });

  it('is an error when nothing comes', async () => {
    await linkTo(() => frames());
    await expect(measureSpeed(link.near, 100)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it.each([
    ['a frame out of turn', [1, 10]],
    ['a frame twice', [0, 10], [0, 10]],
  ] as [string, ...[number, number][]][])('ends the session at %s', async (_what, ...sent) => {
    await linkTo(() => frames(...sent));
    await expect(measureSpeed(link.near, 2_000)).rejects.toMatchObject({
      code: 'SESSION_CLOSED',
      cause: { code: 'UNEXPECTED_MESSAGE' },
    });
  });
});

describe('the answer to a probe', () => {
  it('holds nothing that was in memory before', async () => {
    const link = await linkDevices({ listener: { handlers: { 'link.probe': realProbe } } });
    const kinds = new Set<number>();
    const receiver = {
      begin: () => undefined,
      bytes: (part: Uint8Array) => part.forEach((byte) => kinds.add(byte)),
      end: () => undefined,
    };

    await expect(link.near.requestData('link.probe', { bytes: 300_000 }, receiver)).resolves.toEqual({});

    expect([...kinds]).toEqual([0]);
    await link.stop();
  });

  it.each([{}, { bytes: 0 }, { bytes: MAX_PROBE_BYTES + 1 }])('refuses %j and goes on', async (data) => {
    const link = await linkDevices({ listener: { handlers: { 'link.probe': realProbe } } });
    await expect(link.near.request('link.probe', data)).rejects.toMatchObject({ remoteCode: 'MALFORMED_MESSAGE' });
    await expect(link.near.ping()).resolves.toBeGreaterThan(0);
    await link.stop();
  });
});
