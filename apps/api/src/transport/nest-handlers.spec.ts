import { Controller, UseFilters, type INestMicroservice } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { ProtocolError } from '@ferry/protocol';
import { of } from 'rxjs';
import type { DataAnswer } from './data-answer';
import { PeerContext } from './peer-context';
import { PeerRpcExceptionFilter } from './peer-rpc-exception.filter';
import type { PeerSession } from './peer-session';
import { PeerTransport } from './peer-transport';
import { contentAnswer, contentHash, HashingReceiver } from './testing/content';
import { newIdentity, TestDevice } from './testing/test-device';

const heard: { pattern: string; data: unknown; peerId: string }[] = [];

@Controller()
@UseFilters(PeerRpcExceptionFilter)
class TestController {
  @MessagePattern('test.promise')
  async promise(@Payload() data: unknown, @Ctx() { peerId, isPaired }: PeerContext): Promise<unknown> {
    return { data, peerId, isPaired };
  }

  @MessagePattern('test.observable')
  observable(): unknown {
    return of('first', 'second');
  }

  @MessagePattern('test.nothing')
  nothing(): void {
    return undefined;
  }

  @MessagePattern('test.data')
  data(@Payload() frames: number): DataAnswer {
    return contentAnswer(frames);
  }

  @MessagePattern('test.refuse')
  refuse(): never {
    throw new ProtocolError('BUSY', 'come back later');
  }

  @EventPattern('test.event')
  event(@Payload() data: unknown, @Ctx() { peerId }: PeerContext): void {
    heard.push({ pattern: 'test.event', data, peerId });
  }
}

describe('Nest handlers of peer messages', () => {
  let app: INestMicroservice;
  let caller: TestDevice;
  let session: PeerSession;

  beforeAll(async () => {
    const transport = new PeerTransport(await newIdentity(), { host: '127.0.0.1', port: 0, deviceName: () => 'nest' });
    transport.useTrust(() => true);
    const module = await Test.createTestingModule({ controllers: [TestController] }).compile();
    app = module.createNestMicroservice({ strategy: transport, logger: false });
    await app.listen();
    caller = await TestDevice.start();
    session = await caller.transport.dial(`127.0.0.1:${transport.port}`);
  });
  afterAll(async () => {
    await caller.stop();
    await app.close();
  });

  it('answer with the value of a promise, and know who asks', async () => {
    const answer = { data: { a: 1 }, peerId: caller.id, isPaired: true };
    await expect(session.request('test.promise', { a: 1 })).resolves.toEqual(answer);
  });

  it('answer with the first value of an observable', async () => {
    await expect(session.request('test.observable', null)).resolves.toBe('first');
  });

  it('answer null when they return nothing', async () => {
    await expect(session.request('test.nothing', null)).resolves.toBeNull();
  });

  it('answer with DATA', async () => {
    const receiver = new HashingReceiver();

    await expect(session.requestData('test.data', 20, receiver)).resolves.toEqual({ frames: 20 });
    expect(receiver.digest()).toBe(contentHash(20));
  });

  it('refuse with a code of the protocol', async () => {
    await expect(session.request('test.refuse', null)).rejects.toMatchObject({ code: 'REMOTE', remoteCode: 'BUSY' });
  });

  it('hear events, which are no requests', async () => {
    session.notify('test.event', { b: 2 });
    session.notify('test.promise', {});
    session.notify('test.unknown', {});

    await expect(session.request('test.event', null)).rejects.toMatchObject({ remoteCode: 'UNKNOWN_PATTERN' });
    expect(heard).toEqual([{ pattern: 'test.event', data: { b: 2 }, peerId: caller.id }]);
  });
});
