import { Writable } from 'node:stream';
import { EventStream, MAX_LAG_EVENTS } from './event-stream';
import { EventsService, RING_EVENTS } from './events.service';

/** A connection that takes nothing until told to. */
class SlowConnection extends Writable {
  readonly frames: string[] = [];
  private pending?: () => void;

  constructor() {
    super({ highWaterMark: 1 });
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.frames.push(bytes.toString());
    this.pending = done;
  }

  /** Takes everything that the stream has to say. */
  async takeAll(): Promise<void> {
    while (this.pending) {
      const done = this.pending;
      this.pending = undefined;
      done();
      await new Promise(setImmediate);
    }
  }
}

const publish = (events: EventsService, count: number) => {
  for (let index = 0; index < count; index += 1) events.publish('peers.removed', { id: String(index) });
};

const typesOf = (text: string) => [...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type);

function connect(events: EventsService, lastEventId?: string) {
  let text = '';
  const output = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      text += bytes.toString();
      done();
    },
  });
  const stream = new EventStream(events, output, { version: '1', lastEventId });
  const read = () => {
    const taken = text;
    text = '';
    return taken;
  };
  return { stream, read };
}

describe('EventStream', () => {
  it('begins with the reconnect time and node.hello, whose id is where the reader stands', () => {
    const events = new EventsService();
    publish(events, 3);
    const text = connect(events).read();
    expect(text).toMatch(/^retry: 2000\n\nid: [0-9a-f]+\.3\nevent: node\.hello\ndata: \{"at":"[^"]+","data":\{"epoch"/);
    expect(typesOf(text)).toEqual(['node.hello']);
  });

  it('writes one frame an event, in order, whatever the data holds', () => {
    const events = new EventsService();
    const { stream, read } = connect(events);
    read();
    events.publish('peers.removed', { id: 'a\r\n\ndata: forged\u2028' });
    stream.pump();
    const text = read();
    expect(text.match(/\n/g)).toHaveLength(4);
    expect(text.endsWith('\n\n')).toBe(true);
    expect(JSON.parse(text.slice(text.indexOf('data: ') + 6))).toMatchObject({
      data: { id: 'a\r\n\ndata: forged\u2028' },
    });
  });

  it('replays exactly what came after the last event seen', () => {
    const events = new EventsService();
    publish(events, 10);
    const text = connect(events, `${events.epoch}.7`).read();
    expect([...text.matchAll(/^id: .*\.(\d+)$/gm)].map(([, seq]) => seq)).toEqual(['7', '8', '9', '10']);
  });

  it('replays a whole ring', () => {
    const events = new EventsService();
    publish(events, RING_EVENTS + 1);
    expect(typesOf(connect(events, `${events.epoch}.1`).read())).toHaveLength(RING_EVENTS + 1);
  });

  it.each([
    ['of another run', () => 'abc.1'],
    ['too old', (epoch: string) => `${epoch}.0`],
    ['from the future', (epoch: string) => `${epoch}.999999`],
    ['that is no id', () => '\u0000'],
  ])('says resync for an id %s', (_name, idOf) => {
    const events = new EventsService();
    publish(events, RING_EVENTS + 1);
    const text = connect(events, idOf(events.epoch)).read();
    expect(typesOf(text)).toEqual(['node.hello', 'resync']);
    expect(text).toMatch(new RegExp(`id: ${events.epoch}\\.${RING_EVENTS + 1}\nevent: resync`));
  });

  it('keeps nothing for a slow reader, and says resync when it is too far behind', async () => {
    const events = new EventsService();
    const connection = new SlowConnection();
    const stream = new EventStream(events, connection, { version: '1' });
    events.onPublished(() => stream.pump());
    publish(events, MAX_LAG_EVENTS + 1);
    expect(connection.writableLength).toBeLessThan(1024);
    await connection.takeAll();
    expect(typesOf(connection.frames.join(''))).toEqual(['node.hello', 'resync']);
    publish(events, 1);
    await connection.takeAll();
    expect(typesOf(connection.frames.join('')).at(-1)).toBe('peers.removed');
  });

  it('lets a slow reader catch up within the limit, and with its replay', async () => {
    const events = new EventsService();
    publish(events, 2 * MAX_LAG_EVENTS);
    const connection = new SlowConnection();
    const stream = new EventStream(events, connection, { version: '1', lastEventId: `${events.epoch}.0` });
    events.onPublished(() => stream.pump());
    publish(events, MAX_LAG_EVENTS);
    await connection.takeAll();
    expect(typesOf(connection.frames.join('')).filter((type) => type === 'peers.removed')).toHaveLength(
      3 * MAX_LAG_EVENTS,
    );
  });

  it('gives up a connection that takes nothing for four heartbeats', () => {
    const connection = new SlowConnection();
    const stream = new EventStream(new EventsService(), connection, { version: '1' });
    for (let beat = 0; beat < 3; beat += 1) stream.heartbeat();
    expect(connection.destroyed).toBe(false);
    stream.heartbeat();
    expect(connection.destroyed).toBe(true);
  });

  it('sends a comment as heartbeat', () => {
    const { stream, read } = connect(new EventsService());
    read();
    stream.heartbeat();
    expect(read()).toBe(': heartbeat\n\n');
  });
});
