import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { startTestApp, type TestApp } from '../http/testing/test-app';
import { EventsService } from './events.service';

/** Opens the stream and reads until `count` events have come. */
async function open(port: number, lastEventId?: string) {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const outgoing = request({ host: '127.0.0.1', port, path: '/api/v1/events', headers, agent: false }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (part: string) => (text += part));
  const eventsSeen = () => [...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type);
  return {
    response,
    lastId: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
    async read(count: number) {
      while (eventsSeen().length < count) await once(response, 'data');
      return eventsSeen();
    },
    close: () => outgoing.destroy(),
  };
}

describe('GET /events', () => {
  let node: TestApp;
  beforeEach(async () => {
    node = await startTestApp();
  });
  afterEach(() => node.close());

  it('streams what is published', async () => {
    const stream = await open(node.port);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    });
    await stream.read(1);
    node.app.get(EventsService).publish('peers.removed', { id: 'x' });
    expect(await stream.read(2)).toEqual(['node.hello', 'peers.removed']);
    stream.close();
  });

  it('goes on after a reconnect without a gap', async () => {
    const events = node.app.get(EventsService);
    const first = await open(node.port);
    await first.read(1);
    const lastId = first.lastId();
    first.close();
    events.publish('peers.removed', { id: 'missed' });
    const second = await open(node.port, lastId);
    expect(await second.read(2)).toEqual(['node.hello', 'peers.removed']);
    second.close();
  });

  it('ends when the node stops', async () => {
    const stream = await open(node.port);
    await stream.read(1);
    const ended = once(stream.response, 'end');
    await node.app.close();
    await ended;
  });
});
