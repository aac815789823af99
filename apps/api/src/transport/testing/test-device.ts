import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deadlines } from '@ferry/protocol';
import { Logger } from '@nestjs/common';
import { DeviceIdentity } from '../identity';
import type { PeerContext } from '../peer-context';
import type { PeerSession } from '../peer-session';
import { PeerTransport, type DialOptions } from '../peer-transport';

export type Handler = (data: unknown, context: PeerContext) => unknown;

export interface TestDeviceOptions {
  readonly name?: string;
  readonly features?: readonly string[];
  readonly deadlines?: Partial<Deadlines>;
  /** Message handlers by pattern, added as Nest would. */
  readonly handlers?: Readonly<Record<string, Handler>>;
  readonly identity?: DeviceIdentity;
  readonly port?: number;
}

/** A device on loopback: real key, real sockets. Trusts everybody until told otherwise. */
export class TestDevice {
  private readonly arrivals = new EventTarget();
  private readonly waiting: PeerSession[] = [];

  private constructor(
    readonly identity: DeviceIdentity,
    readonly transport: PeerTransport,
  ) {
    transport.useTrust(() => true);
    transport.onSession((session) => {
      this.waiting.push(session);
      this.arrivals.dispatchEvent(new Event('session'));
    });
  }

  static async start(options: TestDeviceOptions = {}): Promise<TestDevice> {
    const { name = 'test device', features, deadlines, handlers = {}, port = 0 } = options;
    const identity = options.identity ?? (await newIdentity());
    const deviceName = () => name;
    const transport = new PeerTransport(identity, { host: '127.0.0.1', port, deviceName, features, deadlines });
    for (const [pattern, handler] of Object.entries(handlers)) {
      transport.addHandler(pattern, async (data, context: PeerContext) => handler(data, context));
    }
    await new Promise<void>((resolve, reject) => {
      void transport.listen((error) => (error ? reject(error) : resolve()));
    });
    return new TestDevice(identity, transport);
  }

  get id(): string {
    return this.identity.deviceId;
  }

  get address(): string {
    return `127.0.0.1:${this.transport.port}`;
  }

  dial(other: TestDevice, options: DialOptions = {}): Promise<PeerSession> {
    return this.transport.dial(other.address, { expectedId: other.id, ...options });
  }

  /** The oldest session, of either direction, that was not handed out here before. */
  async nextSession(): Promise<PeerSession> {
    while (this.waiting.length === 0) await once(this.arrivals, 'session');
    return this.waiting.shift() as PeerSession;
  }

  stop(): Promise<void> {
    return this.transport.close();
  }
}

/** A fresh key that leaves nothing on disk. */
export async function newIdentity(): Promise<DeviceIdentity> {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-identity-'));
  try {
    return await DeviceIdentity.load(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// What the tests provoke on purpose would fill the screen.
Logger.overrideLogger(false);

/** Two devices and the two ends of one session between them. */
export interface Link {
  readonly dialler: TestDevice;
  readonly listener: TestDevice;
  /** The dialler's end. */
  readonly near: PeerSession;
  /** The listener's end. */
  readonly far: PeerSession;
  stop(): Promise<void>;
}

export async function linkDevices(
  options: { dialler?: TestDeviceOptions; listener?: TestDeviceOptions } = {},
): Promise<Link> {
  const dialler = await TestDevice.start({ name: 'dialler', ...options.dialler });
  const listener = await TestDevice.start({ name: 'listener', ...options.listener });
  const near = await dialler.dial(listener);
  const far = await listener.nextSession();
  const stop = async (): Promise<void> => {
    await Promise.all([dialler.stop(), listener.stop()]);
  };
  return { dialler, listener, near, far, stop };
}
