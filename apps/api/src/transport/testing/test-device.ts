import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceIdentity } from '../identity';
import type { Deadlines } from '../limits';
import type { PeerContext } from '../peer-context';
import type { PeerSession } from '../peer-session';
import { PeerTransport } from '../peer-transport';

type Handler = (data: unknown, context: PeerContext) => unknown;

export interface TestDeviceOptions {
  readonly name?: string;
  readonly deadlines?: Partial<Deadlines>;
  /** Message handlers by pattern, as Nest would add them. */
  readonly handlers?: Readonly<Record<string, Handler>>;
  readonly identity?: DeviceIdentity;
}

/** A device on loopback: real key, real sockets, whichever handlers the test needs. Trusts everybody until told otherwise. */
export class TestDevice {
  readonly sessions: PeerSession[] = [];
  private constructor(
    readonly identity: DeviceIdentity,
    readonly transport: PeerTransport,
  ) {
    transport.useTrust(() => true);
    transport.onSession((session) => this.sessions.push(session));
  }

  static async start({ name = 'test device', deadlines, handlers = {}, identity }: TestDeviceOptions = {}): Promise<TestDevice> {
    const options = { host: '127.0.0.1', port: 0, deviceName: () => name, deadlines };
    const transport = new PeerTransport(identity ?? (await newIdentity()), options);
    const device = new TestDevice(identity ?? (await newIdentity()), transport);
    for (const [pattern, handler] of Object.entries(handlers)) device.handle(pattern, handler);
    await transport.listen((error) => {
      if (error) throw error;
    });
    return device;
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
